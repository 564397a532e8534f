/**
 * The tasks for commands: how their examples are read, learned, evaluated and answered. There is a
 * class per task, and a row per class in {@link ernie4j.cli.task.CommandTasks}.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.task;

/**
 * The tasks as commands know them: how their examples are read, learnt, evaluated and answered. A
 * class per task, a row per class in {@link ernie4j.cli.task.CommandTasks}.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.task;

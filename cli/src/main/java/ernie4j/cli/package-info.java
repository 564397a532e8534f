/** The {@code ernie4j} program: finds the command and runs it. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli;

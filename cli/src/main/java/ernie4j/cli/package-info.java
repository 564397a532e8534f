/** Commands of the {@code ernie4j} program, one class each. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli;

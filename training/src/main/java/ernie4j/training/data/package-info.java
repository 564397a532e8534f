/**
 * Examples of every task and the files they come from. A reader either understands a whole file or
 * says which line of it is wrong, what it expected and what it found.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.data;

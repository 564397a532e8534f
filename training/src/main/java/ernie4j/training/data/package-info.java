/**
 * Examples of every task and the files they are read from. A reader either accepts a whole file or
 * reports which line is wrong, what it expected and what it found.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.data;

/** Commands that train models, and those that evaluate them. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.train;

/** Commands that train models, and those that measure what came out. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.train;

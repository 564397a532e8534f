/** The command that makes a trained model smaller and faster. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.compress;

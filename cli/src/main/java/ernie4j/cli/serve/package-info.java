/** The command that serves models over HTTP. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.serve;

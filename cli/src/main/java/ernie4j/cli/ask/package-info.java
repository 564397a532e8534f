/** Commands that ask a model about texts. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.ask;

/** Commands that run models on texts. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.ask;

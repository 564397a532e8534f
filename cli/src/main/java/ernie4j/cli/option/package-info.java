/** Options that several commands share, and the parsing and checking of their values. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.option;

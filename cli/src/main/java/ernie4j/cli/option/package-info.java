/** Options that several commands share, and how their values are read and checked. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.option;

/** Commands that reproduce the experiments of the documentation, step by step. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.reproduce;

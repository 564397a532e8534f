/** Commands that get, show and change model files. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.model;

/** Output of commands: progress, pictures, pages, JSON. */
@org.jspecify.annotations.NullMarked
package ernie4j.cli.report;

/** Models by name and by file, and pipelines that take text and give answers. */
@org.jspecify.annotations.NullMarked
package ernie4j.zoo;

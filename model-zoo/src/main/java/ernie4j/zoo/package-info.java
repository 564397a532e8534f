/** Models by name and by file: shapes, import from and export to other frameworks. */
@org.jspecify.annotations.NullMarked
package ernie4j.zoo;

/** Models on this machine by name, shared by all programs of a user. */
@org.jspecify.annotations.NullMarked
package ernie4j.zoo.cache;

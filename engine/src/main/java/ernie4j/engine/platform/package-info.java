/** What Java on a phone lacks: looked up where it may be, with a substitute where it is not. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.platform;

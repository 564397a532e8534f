/** Parts of Java that a phone may lack: used if they are there, replaced by a substitute if not. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.platform;

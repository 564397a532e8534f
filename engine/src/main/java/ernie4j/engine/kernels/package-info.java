/**
 * The arithmetic of the engine over {@code float[]}: one interface, a plain-Java provider and one
 * on {@code jdk.incubator.vector}, chosen once at run time.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.kernels;

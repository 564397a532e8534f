/** The kernels on {@code jdk.incubator.vector}; nothing else touches that module. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.kernels.vector;

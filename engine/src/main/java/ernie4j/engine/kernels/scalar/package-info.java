/** The kernels in plain Java, which run everywhere and define every bit of a result. */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.kernels.scalar;

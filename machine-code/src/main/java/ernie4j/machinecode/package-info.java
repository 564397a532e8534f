/**
 * Kernels in machine code, which is generated in memory at run time and called through {@code
 * java.lang.foreign}.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode;

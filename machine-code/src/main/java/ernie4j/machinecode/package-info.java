/**
 * Kernels as machine code that is written into memory at run time, and called through {@code
 * java.lang.foreign}.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.machinecode;

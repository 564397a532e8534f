/**
 * The arithmetic of the engine over {@code float[]}: {@link ernie4j.engine.kernels.Kernels} checks
 * arguments, a {@link ernie4j.engine.kernels.KernelTable} of functions computes, and a {@link
 * ernie4j.engine.kernels.KernelProvider} fills that table.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.engine.kernels;

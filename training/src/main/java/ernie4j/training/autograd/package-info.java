/**
 * Reverse-mode differentiation: a {@link ernie4j.training.autograd.Tape} records operations on
 * matrices, each with an explicit backward pass, on top of the engine's kernels.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.autograd;

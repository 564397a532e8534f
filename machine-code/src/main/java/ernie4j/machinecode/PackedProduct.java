package ernie4j.machinecode;

import ernie4j.engine.kernels.PackedMatrix;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Products with a packed matrix of floats.
 *
 * @param <B> its form
 * @param <B> the packed form of the matrix
 */
abstract class PackedProduct<B extends PackedMatrix> {
  /**
   * {@code C = A B + bias}, or {@code C += A B}, optionally followed by GELU.
   *
   * @param start the initial values of the sums
   * @param bias for {@link Variant.Start#BIAS}
   */
  final void run(
      int m,
      float[] a,
      int a0,
      int lda,
      B b,
      Variant.Start start,
      float @Nullable [] bias,
      boolean gelu,
      float[] c,
      int c0,
      int ldc) {
    run(
        m,
        Operands.matrix(a, a0, m, b.rows(), lda),
        lda,
        b,
        start,
        bias == null ? MemorySegment.NULL : Operands.values(bias, b.columns()),
        gelu,
        Operands.matrix(c, c0, m, b.columns(), ldc),
        ldc);
  }

  /** {@link #run} with operands that start at their first value and end after their last one. */
  abstract void run(
      int m,
      MemorySegment a,
      int lda,
      B b,
      Variant.Start start,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc);
}

package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Products with bfloat16 weights: rows of A are rounded, and the numbers are multiplied; see {@link
 * Bfloat16RoundCode} and {@link Bfloat16ProductCode}. May be shared between threads.
 */
final class Bfloat16Product {
  private final Blocking blocking;
  private final ConvertedProduct product;
  private final Functions rounding;

  Bfloat16Product(Blocking blocking, ExecutableMemory memory, Constants.Table constants) {
    this(blocking, new ThreadMemory(), memory, constants);
  }

  /**
   * @param scratch where rounded rows of A are kept
   */
  Bfloat16Product(
      Blocking blocking, ThreadMemory scratch, ExecutableMemory memory, Constants.Table constants) {
    this.blocking = blocking;
    Functions products =
        new Functions(
            Variant.count(blocking),
            memory,
            number ->
                new Bfloat16ProductCode(blocking, Variant.of(number, blocking), constants.address())
                    .assemble());
    product = new ConvertedProduct(blocking, scratch, products, Short.BYTES, Work.BFLOAT16);
    rounding = new Functions(2, memory, number -> new Bfloat16RoundCode(number == 1).assemble());
  }

  Blocking blocking() {
    return blocking;
  }

  /**
   * {@code C = A' B + bias} with A' in bfloat16, or {@code C += A' B}, and GELU of it.
   *
   * @param start what the sums start from
   * @param bias for {@link Variant.Start#BIAS}
   */
  void run(
      int m,
      float[] a,
      int a0,
      int lda,
      Bfloat16Panels b,
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

  /** {@link #run} with operands that begin at their first values and end with their last ones. */
  void run(
      int m,
      MemorySegment a,
      int lda,
      Bfloat16Panels b,
      Variant.Start start,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc) {
    int n = b.rows();
    MemorySegment function = rounding.get(n % blocking.lanes() == 0 ? 0 : 1);
    product.run(
        m,
        a,
        lda,
        (rows, from, to) -> to.convert(function, rows, n, from, lda, blocking, 0),
        b,
        start,
        bias,
        gelu,
        c,
        ldc);
  }
}

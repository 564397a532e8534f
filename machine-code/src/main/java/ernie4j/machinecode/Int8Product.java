package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Products with int8 weights: rows of A are quantized, then multiplied; see {@link QuantizeCode}
 * and {@link Int8ProductCode}. May be shared between threads.
 */
final class Int8Product {
  /** The number of a quantizing function is a sum of these. */
  private static final int OWN_SCALE = 1;

  private static final int PARTIAL = 2;

  private final Int8Form form;
  private final Blocking blocking;
  private final ConvertedProduct product;
  private final Functions quantizers;

  Int8Product(
      Int8Form form, Blocking blocking, ExecutableMemory memory, Constants.Table constants) {
    this(form, blocking, new ThreadMemory(), memory, constants);
  }

  /**
   * @param scratch holds codes of A
   */
  Int8Product(
      Int8Form form,
      Blocking blocking,
      ThreadMemory scratch,
      ExecutableMemory memory,
      Constants.Table constants) {
    this.form = form;
    this.blocking = blocking;
    Functions products =
        new Functions(
            Variant.count(blocking),
            memory,
            number ->
                new Int8ProductCode(
                        form, blocking, Variant.of(number, blocking), constants.address())
                    .assemble());
    product = new ConvertedProduct(blocking, scratch, products, form.aBytes(), Work.INT8);
    quantizers =
        new Functions(
            (OWN_SCALE | PARTIAL) + 1,
            memory,
            number ->
                new QuantizeCode(
                        form,
                        (number & OWN_SCALE) != 0,
                        (number & PARTIAL) != 0,
                        constants.address())
                    .assemble());
  }

  Int8Form form() {
    return form;
  }

  Blocking blocking() {
    return blocking;
  }

  /**
   * {@code C = A' B + bias} with A' in int8, optionally followed by GELU.
   *
   * @param scale the absolute maximum of A; 0 to use the maximum of each row
   */
  void run(
      int m,
      float[] a,
      int a0,
      int lda,
      float scale,
      Int8Panels b,
      float[] bias,
      boolean gelu,
      float[] c,
      int c0,
      int ldc) {
    run(
        m,
        Operands.matrix(a, a0, m, b.rows(), lda),
        lda,
        scale,
        b,
        Operands.values(bias, b.columns()),
        gelu,
        Operands.matrix(c, c0, m, b.columns(), ldc),
        ldc);
  }

  /** {@link #run} with operands that start at their first value and end after their last one. */
  void run(
      int m,
      MemorySegment a,
      int lda,
      float scale,
      Int8Panels b,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc) {
    product.run(
        m,
        a,
        lda,
        (rows, from, to) -> quantize(rows, b.rows(), from, lda, scale, to),
        b,
        Variant.Start.BIAS,
        bias,
        gelu,
        c,
        ldc);
  }

  private void quantize(int m, int n, MemorySegment a, int lda, float scale, ConvertedRows to) {
    int lanes = blocking.lanes();
    int number = (scale > 0 ? 0 : OWN_SCALE) | (n % lanes == 0 ? 0 : PARTIAL);
    to.convert(quantizers.get(number), m, n, a, lda, blocking, Float.floatToRawIntBits(scale));
  }
}

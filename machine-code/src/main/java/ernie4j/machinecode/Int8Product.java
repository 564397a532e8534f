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

  Int8Product(Generator generator, ExecutableMemory memory) {
    this(generator, new ThreadMemory(), memory);
  }

  /**
   * @param scratch holds codes of A
   */
  Int8Product(Generator generator, ThreadMemory scratch, ExecutableMemory memory) {
    form = generator.form();
    blocking = generator.blocking();
    Functions products =
        new Functions(
            Variant.count(blocking),
            memory,
            number -> generator.int8Product(Variant.of(number, generator.blocking())));
    product =
        new ConvertedProduct(blocking, scratch, products, form.aBytes(), blocking.work(Work.INT8));
    quantizers =
        new Functions(
            (OWN_SCALE | PARTIAL) + 1,
            memory,
            number -> generator.quantization((number & OWN_SCALE) != 0, (number & PARTIAL) != 0));
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

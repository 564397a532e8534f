package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Products with bfloat16 weights: rows of A are rounded, then multiplied; see {@link
 * Bfloat16RoundCode} and {@link Bfloat16ProductCode}. May be shared between threads.
 */
final class Bfloat16Product extends PackedProduct<Bfloat16Panels> {
  private final Blocking blocking;
  private final ConvertedProduct product;
  private final Functions rounding;

  Bfloat16Product(Blocking blocking, ExecutableMemory memory, Constants.Table constants) {
    this(blocking, new ThreadMemory(), memory, constants);
  }

  /**
   * @param scratch holds rounded rows of A
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

  @Override
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

package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Products with int8 weights: rows of A become codes, and the codes are multiplied; see {@link
 * QuantizeCode} and {@link Int8ProductCode}. May be shared between threads.
 */
final class Int8Product {
  /** Rows whose codes are kept at a time. */
  private static final int ROWS = 256;

  /** Codes of a row begin at a cache line; its step stands in the line before. */
  private static final int LINE = ThreadMemory.LINE;

  /** The number of a function that makes codes is a sum of these. */
  private static final int OWN_SCALE = 1;

  private static final int PARTIAL = 2;

  private final Int8Form form;
  private final Blocking blocking;
  private final ThreadMemory scratch;
  private final Functions products;
  private final Functions quantizers;

  Int8Product(
      Int8Form form, Blocking blocking, ExecutableMemory memory, Constants.Table constants) {
    this(form, blocking, new ThreadMemory(), memory, constants);
  }

  /**
   * @param scratch where codes of A are kept
   */
  Int8Product(
      Int8Form form,
      Blocking blocking,
      ThreadMemory scratch,
      ExecutableMemory memory,
      Constants.Table constants) {
    this.form = form;
    this.blocking = blocking;
    this.scratch = scratch;
    products =
        new Functions(
            Variant.count(blocking),
            memory,
            number ->
                new Int8ProductCode(
                        form, blocking, Variant.of(number, blocking), constants.address())
                    .assemble());
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
   * {@code C = A' B + bias} with A' in int8, and GELU of it.
   *
   * @param scale the absolute maximum of A; 0: every row's own
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

  /** {@link #run} with operands that begin at their first values and end with their last ones. */
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
    Codes mine = codes(Math.min(m, ROWS), b.rows());
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      quantize(rows, b.rows(), a.asSlice(Operands.bytes((long) i * lda)), lda, scale, mine);
      multiply(rows, mine, b, bias, gelu, c.asSlice(Operands.bytes((long) i * ldc)), ldc);
    }
  }

  private void quantize(int m, int n, MemorySegment a, int lda, float scale, Codes to) {
    int lanes = blocking.lanes();
    int number = (scale > 0 ? 0 : OWN_SCALE) | (n % lanes == 0 ? 0 : PARTIAL);
    int each = Math.max(1, Work.QUANTIZED / n);
    for (int row = 0; row < m; row += each) {
      int rows = Math.min(each, m - row);
      NativeCall.call(
          quantizers.get(number),
          Operands.part(a, (long) row * lda, rows, n, lda),
          to.row(row),
          MemorySegment.NULL,
          MemorySegment.NULL,
          Operands.bytes(lda),
          to.stride,
          rows,
          n / lanes,
          Float.floatToRawIntBits(scale),
          Simd.partial(blocking.bits(), n % lanes));
    }
  }

  private void multiply(
      int m, Codes a, Int8Panels b, MemorySegment bias, boolean gelu, MemorySegment c, int ldc) {
    int full = b.fullPanels();
    int width = blocking.width();
    int each = Work.panels(Work.INT8, m, b.rows(), width, b.panelBytes());
    for (int panel = 0; panel < full; panel += each) {
      multiply(m, a, b, panel, Math.min(each, full - panel), width, bias, gelu, c, ldc);
    }
    int rest = b.columns() - full * width;
    if (rest > 0) {
      multiply(m, a, b, full, 1, rest, bias, gelu, c, ldc);
    }
  }

  /** All rows by some panels of the same width. */
  private void multiply(
      int m,
      Codes a,
      Int8Panels b,
      int panel,
      int panels,
      int width,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc) {
    int lanes = blocking.lanes();
    int strips = (width + lanes - 1) / lanes;
    int column = panel * blocking.width();
    int columns = panels * width;
    Work.rows(
        Work.INT8,
        m,
        blocking.rows(),
        (long) b.rows() * width * panels,
        (row, rows, tiles) -> {
          Variant variant = new Variant(rows, strips, Variant.Start.BIAS, gelu, width % lanes != 0);
          NativeCall.call(
              products.get(variant.index(blocking)),
              a.row(row),
              b.from(panel),
              Operands.part(c, (long) row * ldc + column, rows * tiles, columns, ldc),
              Operands.part(bias, column, 1, columns, columns),
              a.stride,
              Operands.bytes(ldc),
              b.groups(),
              tiles,
              panels,
              Simd.partial(blocking.bits(), width % lanes));
        });
  }

  /** The codes of some rows of A, each behind its step. */
  private record Codes(MemorySegment memory, long stride) {
    MemorySegment row(int row) {
      return memory.asSlice(row * stride + LINE);
    }
  }

  private Codes codes(int rows, int n) {
    int lanes = blocking.lanes();
    long bytes = (long) (n + lanes - 1) / lanes * lanes * form.aBytes();
    long stride = LINE + (bytes + LINE - 1) / LINE * LINE;
    return new Codes(scratch.get(rows * stride), stride);
  }
}

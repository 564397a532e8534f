package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/** Products in float32; see {@link FloatProductCode}. May be shared between threads. */
final class FloatProduct extends PackedProduct<FloatPanels> {
  private final Blocking blocking;
  private final Functions functions;

  FloatProduct(Blocking blocking, ExecutableMemory memory, Constants.Table constants) {
    this(
        blocking,
        new Functions(
            Variant.count(blocking),
            memory,
            number ->
                new FloatProductCode(blocking, Variant.of(number, blocking), constants.address())
                    .assemble()));
  }

  /**
   * @param functions one for each {@link Variant}
   */
  FloatProduct(Blocking blocking, Functions functions) {
    this.blocking = blocking;
    this.functions = functions;
  }

  Blocking blocking() {
    return blocking;
  }

  @Override
  void run(
      int m,
      MemorySegment a,
      int lda,
      FloatPanels b,
      Variant.Start start,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc) {
    Call call = new Call(m, a, lda, b, start, bias, gelu, c, ldc);
    int full = b.fullPanels();
    int width = blocking.width();
    int depth = Work.depth(b.rows(), (long) blocking.rows() * width);
    int each = depth < b.rows() ? 1 : Work.panels(Work.FLOAT32, m, b.rows(), width, b.panelBytes());
    for (int panel = 0; panel < full; panel += each) {
      call.panels(panel, Math.min(each, full - panel), width, depth);
    }
    int rest = b.columns() - full * width;
    if (rest > 0) {
      call.panels(full, 1, rest, depth);
    }
  }

  /** The operands of one product. */
  private final class Call {
    private final int m;
    private final MemorySegment a;
    private final int lda;
    private final FloatPanels b;
    private final Variant.Start start;
    private final MemorySegment bias;
    private final boolean gelu;
    private final MemorySegment c;
    private final int ldc;

    Call(
        int m,
        MemorySegment a,
        int lda,
        FloatPanels b,
        Variant.Start start,
        MemorySegment bias,
        boolean gelu,
        MemorySegment c,
        int ldc) {
      this.m = m;
      this.a = a;
      this.lda = lda;
      this.b = b;
      this.start = start;
      this.bias = bias;
      this.gelu = gelu;
      this.c = c;
      this.ldc = ldc;
    }

    /**
     * Multiplies all rows by some panels of the same width, or by a single one if the sums are too
     * long for one call. They then continue from C, which loses nothing because sums are float32.
     */
    void panels(int panel, int panels, int width, int depth) {
      for (int k = 0; k < b.rows(); k += depth) {
        int from = k;
        int count = Math.min(depth, b.rows() - k);
        Work.rows(
            Work.FLOAT32,
            m,
            blocking.rows(),
            (long) count * width * panels,
            (row, rows, tiles) -> tiles(panel, panels, width, from, count, row, rows, tiles));
      }
    }

    private void tiles(
        int panel, int panels, int width, int k, int depth, int row, int rows, int tiles) {
      int lanes = blocking.lanes();
      Variant variant =
          new Variant(
              rows,
              (width + lanes - 1) / lanes,
              k == 0 ? start : Variant.Start.C,
              gelu && k + depth == b.rows(),
              width % lanes != 0);
      int column = panel * blocking.width();
      int columns = panels * width;
      NativeCall.call(
          functions.get(variant.index(blocking)),
          Operands.part(a, (long) row * lda + k, rows * tiles, depth, lda),
          b.from(panel, k),
          Operands.part(c, (long) row * ldc + column, rows * tiles, columns, ldc),
          start == Variant.Start.BIAS ? Operands.part(bias, column, 1, columns, columns) : bias,
          Operands.bytes(lda),
          Operands.bytes(ldc),
          depth,
          tiles,
          panels,
          Simd.partial(blocking.bits(), width % lanes));
    }
  }
}

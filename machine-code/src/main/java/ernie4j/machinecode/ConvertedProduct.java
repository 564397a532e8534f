package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Products whose rows of A are converted first, a few rows at a time, so that they stay in the
 * cache while all panels of B are processed.
 */
final class ConvertedProduct {
  /** The number of rows converted at a time. */
  private static final int ROWS = 256;

  private final Blocking blocking;
  private final ThreadMemory scratch;
  private final Functions functions;
  private final int valueBytes;
  private final long work;

  /**
   * @param functions one for each {@link Variant}
   * @param valueBytes the size of a converted value of A in bytes
   * @param work the largest number of multiply-adds in a call, see {@link Work}
   */
  ConvertedProduct(
      Blocking blocking, ThreadMemory scratch, Functions functions, int valueBytes, long work) {
    this.blocking = blocking;
    this.scratch = scratch;
    this.functions = functions;
    this.valueBytes = valueBytes;
    this.work = work;
  }

  /** Converts rows of A, each to whole vectors. */
  interface Conversion {
    void run(int rows, MemorySegment a, ConvertedRows to);
  }

  /** {@code C = A' B} as the variants specify; operands start at their first value. */
  void run(
      int m,
      MemorySegment a,
      int lda,
      Conversion conversion,
      Panels b,
      Variant.Start start,
      MemorySegment bias,
      boolean gelu,
      MemorySegment c,
      int ldc) {
    int lanes = blocking.lanes();
    long rowBytes = (long) (b.rows() + lanes - 1) / lanes * lanes * valueBytes;
    ConvertedRows mine = ConvertedRows.in(scratch, Math.min(m, ROWS), rowBytes);
    Epilogue epilogue = new Epilogue(start, bias, gelu);
    if (start == Variant.Start.C) {
      for (int i = 0; i < m; i += ROWS) {
        functions.prepareToAdd(blocking, Math.min(ROWS, m - i), b.columns(), gelu);
      }
    }
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      conversion.run(rows, a.asSlice(Operands.bytes((long) i * lda)), mine);
      multiply(rows, mine, b, epilogue, c.asSlice(Operands.bytes((long) i * ldc)), ldc);
    }
  }

  private record Epilogue(Variant.Start start, MemorySegment bias, boolean gelu) {
    MemorySegment bias(int column, int columns) {
      return start == Variant.Start.BIAS
          ? Operands.part(bias, column, 1, columns, columns)
          : MemorySegment.NULL;
    }
  }

  private void multiply(
      int m, ConvertedRows a, Panels b, Epilogue epilogue, MemorySegment c, int ldc) {
    int full = b.fullPanels();
    int width = blocking.width();
    int each = Work.panels(work, m, b.rows(), width, b.panelBytes());
    for (int panel = 0; panel < full; panel += each) {
      multiply(m, a, b, panel, Math.min(each, full - panel), width, epilogue, c, ldc);
    }
    int rest = b.columns() - full * width;
    if (rest > 0) {
      multiply(m, a, b, full, 1, rest, epilogue, c, ldc);
    }
  }

  /** Multiplies all rows by some panels of the same width. */
  private void multiply(
      int m,
      ConvertedRows a,
      Panels b,
      int panel,
      int panels,
      int width,
      Epilogue epilogue,
      MemorySegment c,
      int ldc) {
    int column = panel * blocking.width();
    int columns = panels * width;
    Work.rows(
        work,
        m,
        blocking.rows(),
        (long) b.rows() * width * panels,
        (row, rows, tiles) -> {
          Variant variant = Variant.of(blocking, rows, width, epilogue.start, epilogue.gelu);
          NativeCall.call(
              functions.get(variant.index(blocking)),
              a.row(row),
              b.from(panel),
              Operands.part(c, (long) row * ldc + column, rows * tiles, columns, ldc),
              epilogue.bias(column, columns),
              a.stride(),
              Operands.bytes(ldc),
              b.groups(),
              tiles,
              panels,
              Simd.partial(blocking.bits(), width % blocking.lanes()));
        });
  }
}

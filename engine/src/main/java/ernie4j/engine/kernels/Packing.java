package ernie4j.engine.kernels;

/** Fills a packed matrix of either form; the arguments are checked. */
final class Packing {
  private Packing() {}

  static void pack(
      float[] b,
      int bOffset,
      int ldb,
      boolean transposed,
      PackedMatrix packed,
      int column,
      int count) {
    if (!transposed) {
      packBlock(packed.rows(), count, b, bOffset, ldb, packed, 0, column);
    } else if (packed instanceof PanelMatrix panels) {
      panels.packTransposed(b, bOffset, ldb, column, count);
    } else if (packed instanceof RowMatrix rows) {
      rows.packTransposed(b, bOffset, ldb, column, count);
    }
  }

  static void packBlock(
      int rows,
      int columns,
      float[] b,
      int bOffset,
      int ldb,
      PackedMatrix packed,
      int row,
      int column) {
    if (packed instanceof PanelMatrix panels) {
      panels.pack(rows, columns, b, bOffset, ldb, row, column);
    } else if (packed instanceof RowMatrix matrix) {
      matrix.pack(rows, columns, b, bOffset, ldb, row, column);
    }
  }
}

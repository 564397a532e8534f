package ernie4j.engine.kernels;

/**
 * An int8 weight B {@code [rows, columns]} with one scale per column: the value of a code is {@code
 * code * scale / 127}. Made by {@link Kernels#newInt8Matrix}, filled by {@link Kernels#packCodes},
 * read by {@link Kernels#gemmInt8}; it has the same form for all kernels. Once filled it may be
 * read by many threads.
 *
 * <p>Codes are stored in panels of 32 columns, each row after row: {@code [panel][row][32]}, where
 * column j stands at place 2j and column 16 + j at 2j + 1. So the even and the odd 16-bit lanes of
 * a vector, which are taken apart when they become 32-bit sums, are neighbouring columns. The last
 * panel is padded with zeros, and so are the rows to an even number.
 */
public final class Int8Matrix {
  /** Columns of a panel: two vectors of 256 bit, one of 512. */
  static final int WIDTH = 32;

  /** The most rows whose sums of products of codes surely fit into int32. */
  static final int MOST_ROWS = 1 << 16;

  private final int rows;
  private final int columns;
  private final byte[] codes;

  /** {@code scale / 127} of every column. */
  private final float[] steps;

  private boolean hasLeastCode;

  Int8Matrix(int rows, int columns, float[] scales) {
    this.rows = rows;
    this.columns = columns;
    codes = new byte[Math.multiplyExact(panels() * WIDTH, evenRows())];
    steps = new float[columns];
    for (int j = 0; j < columns; j++) {
      steps[j] = scales[j] / 127;
    }
  }

  /** Rows of B: the length K of the sums. */
  public int rows() {
    return rows;
  }

  /** Columns of B: the width N of the product. */
  public int columns() {
    return columns;
  }

  /** Whether some code is -128, which the vector kernel has no room for. */
  boolean hasLeastCode() {
    return hasLeastCode;
  }

  int panels() {
    return (columns + WIDTH - 1) / WIDTH;
  }

  int evenRows() {
    return rows + (rows & 1);
  }

  byte[] codes() {
    return codes;
  }

  float[] steps() {
    return steps;
  }

  int panelOffset(int panel) {
    return panel * evenRows() * WIDTH;
  }

  /** Where a column of a panel stands in its row. */
  static int place(int column) {
    return column < WIDTH / 2 ? 2 * column : 2 * column - WIDTH + 1;
  }

  /**
   * Copies {@code b[height, count]} to the rows from {@code row}, the columns from {@code column}.
   */
  void pack(int height, int count, byte[] b, int bOffset, int ldb, int row, int column) {
    for (int k = 0; k < height; k++) {
      int from = bOffset + k * ldb;
      for (int j = 0; j < count; j++) {
        byte code = b[from + j];
        int panel = (column + j) / WIDTH;
        codes[panelOffset(panel) + (row + k) * WIDTH + place((column + j) % WIDTH)] = code;
        hasLeastCode |= code == Byte.MIN_VALUE;
      }
    }
  }
}

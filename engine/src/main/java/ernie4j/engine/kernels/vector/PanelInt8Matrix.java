package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.Int8Matrix;

/**
 * Codes in panels of 32 columns, each row after row: {@code [panel][row][32]}, where column j is at
 * index 2j and column 16 + j at 2j + 1. So the even and the odd 16-bit lanes of a vector, which are
 * separated when they become 32-bit sums, are adjacent columns. The last panel is padded with
 * zeros, and so are the rows to an even number.
 */
final class PanelInt8Matrix extends Int8Matrix {
  /** Columns of a panel: two vectors of 256 bit, one of 512. */
  static final int WIDTH = 32;

  private static final int HALF = WIDTH / 2;

  private final byte[] codes;
  private boolean hasLeastCode;

  PanelInt8Matrix(int rows, int columns, float[] scales) {
    super(rows, columns, scales);
    codes = new byte[Math.multiplyExact(panels() * WIDTH, evenRows())];
  }

  /** Whether some code is -128, which the vector kernel cannot handle. */
  boolean hasLeastCode() {
    return hasLeastCode;
  }

  int panels() {
    return (columns() + WIDTH - 1) / WIDTH;
  }

  int evenRows() {
    return rows() + (rows() & 1);
  }

  byte[] codes() {
    return codes;
  }

  int panelOffset(int panel) {
    return panel * evenRows() * WIDTH;
  }

  /** The index of a column of a panel in its row. */
  private static int place(int column) {
    return column < HALF ? 2 * column : 2 * column - WIDTH + 1;
  }

  private int index(int row, int column) {
    return panelOffset(column / WIDTH) + row * WIDTH + place(column % WIDTH);
  }

  @Override
  protected void copy(int height, int width, byte[] b, int bOffset, int ldb, int row, int column) {
    for (int k = 0; k < height; k++) {
      int from = bOffset + k * ldb;
      for (int j = 0; j < width; j++) {
        byte code = b[from + j];
        codes[index(row + k, column + j)] = code;
        if (code == Byte.MIN_VALUE) {
          hasLeastCode = true;
        }
      }
    }
  }

  @Override
  public void decode(int row, int height, int column, int width, float[][] into) {
    for (int i = 0; i < height; i++) {
      int j = 0;
      if (column % WIDTH == 0) {
        for (; j <= width - WIDTH; j += WIDTH) {
          decodePanel(index(row + i, column + j), into[i], j);
        }
      }
      for (; j < width; j++) {
        into[i][j] = codes[index(row + i, column + j)];
      }
    }
  }

  private void decodePanel(int from, float[] into, int to) {
    for (int j = 0; j < HALF; j++) {
      into[to + j] = codes[from + 2 * j];
      into[to + HALF + j] = codes[from + 2 * j + 1];
    }
  }
}

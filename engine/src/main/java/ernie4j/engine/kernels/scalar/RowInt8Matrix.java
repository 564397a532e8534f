package ernie4j.engine.kernels.scalar;

import ernie4j.engine.kernels.Int8Matrix;

/** Codes row after row, as in a file. */
final class RowInt8Matrix extends Int8Matrix {
  private final byte[] codes;

  RowInt8Matrix(int rows, int columns, float[] scales) {
    super(rows, columns, scales);
    codes = new byte[rows * columns];
  }

  @Override
  protected void copy(int height, int width, byte[] b, int bOffset, int ldb, int row, int column) {
    for (int i = 0; i < height; i++) {
      System.arraycopy(b, bOffset + i * ldb, codes, (row + i) * columns() + column, width);
    }
  }

  @Override
  public void decode(int row, int height, int column, int width, float[][] into) {
    for (int i = 0; i < height; i++) {
      decode(width, (row + i) * columns() + column, into[i]);
    }
  }

  private void decode(int n, int from, float[] into) {
    for (int j = 0; j < n; j++) {
      into[j] = codes[from + j];
    }
  }
}

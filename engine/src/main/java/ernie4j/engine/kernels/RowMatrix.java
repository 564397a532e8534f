package ernie4j.engine.kernels;

/**
 * B as one array per row. C2 turns {@code c[j] += a * b[j]} into vector instructions when every row
 * is an array of its own and the index is exactly {@code j}; with offsets into a flat array it does
 * not.
 */
final class RowMatrix implements PackedMatrix {
  private int rows;
  private int columns;
  float[][] values = new float[0][];

  RowMatrix(int rows, int columns) {
    reshape(rows, columns);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void reshape(int newRows, int newColumns) {
    if (values.length < newRows) {
      float[][] more = new float[newRows][];
      System.arraycopy(values, 0, more, 0, values.length);
      values = more;
    }
    for (int k = 0; k < newRows; k++) {
      if (values[k] == null || values[k].length < newColumns) {
        values[k] = new float[newColumns];
      }
    }
    rows = newRows;
    columns = newColumns;
  }

  /**
   * Copies {@code b[height, count]} to the rows from {@code row}, the columns from {@code column}
   * on.
   */
  void pack(int height, int count, float[] b, int bOffset, int ldb, int row, int column) {
    for (int k = 0; k < height; k++) {
      System.arraycopy(b, bOffset + k * ldb, values[row + k], column, count);
    }
  }

  /** Copies the transpose of {@code b[count, rows]} to the columns from {@code column} on. */
  void packTransposed(float[] b, int bOffset, int ldb, int column, int count) {
    for (int k = 0; k < rows; k++) {
      float[] row = values[k];
      for (int j = 0; j < count; j++) {
        row[column + j] = b[bOffset + j * ldb + k];
      }
    }
  }
}

package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.error;

/**
 * The right-hand matrix B {@code [rows, columns]} of a product in float32, in the layout that one
 * provider reads fastest. {@link Kernels#newPackedMatrix} makes it, {@link Kernels#pack} fills it,
 * {@link Kernels#gemm} reads it; only the kernels that made it can use it. Once filled, many
 * threads may read it.
 *
 * <p>A provider extends this class with its own form. The methods that it overrides are called with
 * checked arguments.
 */
public abstract class PackedMatrix {
  /** What a form may add to a row to fill whole vectors. */
  private static final long PADDING = 63;

  private int rows;
  private int columns;

  /** Makes a matrix without a size; {@link #reshape} must follow. */
  protected PackedMatrix() {}

  /** {@return the rows of B: the length K of the sums} */
  public final int rows() {
    return rows;
  }

  /** {@return the columns of B: the width N of the product} */
  public final int columns() {
    return columns;
  }

  /**
   * Gives the matrix another size and keeps the storage if it is large enough. The contents are
   * undefined until every column has been packed again.
   *
   * @param newRows rows of B, at least 1
   * @param newColumns columns of B, at least 1
   * @throws IllegalArgumentException if a size is below 1 or the matrix would have 2^31 values
   */
  public final void reshape(int newRows, int newColumns) {
    String operation = "newPackedMatrix";
    atLeastOne(operation, "rows", newRows);
    atLeastOne(operation, "columns", newColumns);
    if (newRows * (newColumns + PADDING) > Integer.MAX_VALUE - 8) {
      throw error(
          operation,
          "a matrix of less than 2^31 values",
          String.format("[%d, %d]", newRows, newColumns));
    }
    rows = newRows;
    columns = newColumns;
    resize();
  }

  /** Makes room for {@link #rows} x {@link #columns} values. */
  protected abstract void resize();

  /**
   * Copies a block into this matrix.
   *
   * @param height the number of rows of the block
   * @param width the number of columns of the block
   * @param b the source, row-major
   * @param bOffset index in {@code b} of the first value
   * @param ldb the distance between rows of the source
   * @param row the row of this matrix for the first row of the block
   * @param column the column of this matrix for the first column of the block
   */
  protected abstract void copy(
      int height, int width, float[] b, int bOffset, int ldb, int row, int column);

  /**
   * Copies the transpose of a block {@code [count, rows]} into columns of this matrix.
   *
   * @param b the source, row-major
   * @param bOffset index in {@code b} of the first value
   * @param ldb the distance between rows of the source
   * @param column the first column to write
   * @param count the number of columns: the rows of the source
   */
  protected abstract void copyTransposed(float[] b, int bOffset, int ldb, int column, int count);
}

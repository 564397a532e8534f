package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.error;

/**
 * The right-hand matrix B {@code [rows, columns]} of a product in float32, stored the way one
 * provider reads it fastest. Made by {@link Kernels#newPackedMatrix}, filled by {@link
 * Kernels#pack}, read by {@link Kernels#gemm}; only the kernels that made it can use it. Once
 * filled it may be read by many threads.
 *
 * <p>A provider extends this with its own form. What it overrides is called with checked arguments.
 */
public abstract class PackedMatrix {
  /** What a form may add to a row to fill whole vectors. */
  private static final long PADDING = 63;

  private int rows;
  private int columns;

  /** A matrix without a size: {@link #reshape} follows. */
  protected PackedMatrix() {}

  /** Rows of B: the length K of the sums. */
  public final int rows() {
    return rows;
  }

  /** Columns of B: the width N of the product. */
  public final int columns() {
    return columns;
  }

  /**
   * Gives the matrix another size and keeps the storage when it is large enough. The contents are
   * undefined until every column has been packed again.
   *
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
   * Copies {@code b[height, width]} to the rows from {@code row}, the columns from {@code column}
   * on.
   */
  protected abstract void copy(
      int height, int width, float[] b, int bOffset, int ldb, int row, int column);

  /** Copies the transpose of {@code b[count, rows]} to the columns from {@code column} on. */
  protected abstract void copyTransposed(float[] b, int bOffset, int ldb, int column, int count);
}

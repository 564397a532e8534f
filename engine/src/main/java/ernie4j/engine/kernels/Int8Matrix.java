package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.error;
import static ernie4j.engine.kernels.ArgumentChecks.range;

/**
 * An int8 weight B {@code [rows, columns]} with one scale per column: a code stands for {@code code
 * * scale / 127}. {@link Kernels#newInt8Matrix} makes it, {@link Kernels#packCodes} fills it,
 * {@link Kernels#gemmInt8} reads it; only the kernels that made it can use it. Once filled, many
 * threads may read it.
 *
 * <p>A provider extends this class with its own form. The methods that it overrides are called with
 * checked arguments.
 */
public abstract class Int8Matrix {
  /** The most rows for which sums of products of codes always fit into int32. */
  static final int MOST_ROWS = 1 << 16;

  /** What a form may add to a row or column to fill whole vectors. */
  private static final long PADDING = 63;

  private final int rows;
  private final int columns;
  private final float[] steps;

  /**
   * Makes a matrix whose codes are all 0.
   *
   * @param rows rows of B: the length K of the sums, from 1 to 65,536
   * @param columns columns of B: the width N of the product, at least 1
   * @param scales the absolute maximum of every column, {@code [columns]} or longer
   * @throws IllegalArgumentException if a size is below 1 or sums over so many rows would not fit
   *     into int32, if there are fewer scales than columns, or one is negative or not finite
   */
  protected Int8Matrix(int rows, int columns, float[] scales) {
    String operation = "newInt8Matrix";
    atLeastOne(operation, "rows", rows);
    atLeastOne(operation, "columns", columns);
    if (rows > MOST_ROWS || (rows + PADDING) * (columns + PADDING) > Integer.MAX_VALUE - 8) {
      throw error(
          operation,
          String.format("at most %d rows and less than 2^31 codes", MOST_ROWS),
          String.format("[%d, %d]", rows, columns));
    }
    range(operation, "scales", columns, scales, 0);
    this.rows = rows;
    this.columns = columns;
    steps = new float[columns];
    for (int j = 0; j < columns; j++) {
      if (!(scales[j] >= 0 && scales[j] <= Float.MAX_VALUE)) {
        throw error(operation, "scales from 0 on", String.format("%s for column %d", scales[j], j));
      }
      steps[j] = scales[j] / 127;
    }
  }

  /** {@return the rows of B: the length K of the sums} */
  public final int rows() {
    return rows;
  }

  /** {@return the columns of B: the width N of the product} */
  public final int columns() {
    return columns;
  }

  /** {@return {@code scale / 127} of every column, {@code [columns]}; shared, not to be changed} */
  public final float[] steps() {
    return steps;
  }

  /**
   * Copies a block of codes into this matrix.
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
      int height, int width, byte[] b, int bOffset, int ldb, int row, int column);

  /**
   * Reads codes back as floats: {@code into[i][j]} becomes the code at {@code (row + i, column +
   * j)}. So the plain-Java product can compute with any form.
   *
   * @param row the first row to read
   * @param height the number of rows
   * @param column the first column to read
   * @param width the number of columns
   * @param into receives the codes as floats, {@code [height][width]} or larger
   */
  public abstract void decode(int row, int height, int column, int width, float[][] into);
}

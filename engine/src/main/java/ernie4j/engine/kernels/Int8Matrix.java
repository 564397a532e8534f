package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.error;
import static ernie4j.engine.kernels.ArgumentChecks.range;

/**
 * An int8 weight B {@code [rows, columns]} with one scale per column: the value of a code is {@code
 * code * scale / 127}. Made by {@link Kernels#newInt8Matrix}, filled by {@link Kernels#packCodes},
 * read by {@link Kernels#gemmInt8}; only the kernels that made it can use it. Once filled it may be
 * read by many threads.
 *
 * <p>A provider extends this with its own form. What it overrides is called with checked arguments.
 */
public abstract class Int8Matrix {
  /** The most rows whose sums of products of codes surely fit into int32. */
  static final int MOST_ROWS = 1 << 16;

  /** What a form may add to fill whole vectors. */
  private static final long PADDING = 63;

  private final int rows;
  private final int columns;
  private final float[] steps;

  /**
   * A matrix whose codes are all 0.
   *
   * @param scales the absolute maximum of every column
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

  /** Rows of B: the length K of the sums. */
  public final int rows() {
    return rows;
  }

  /** Columns of B: the width N of the product. */
  public final int columns() {
    return columns;
  }

  /** {@code scale / 127} of every column; not to be changed. */
  public final float[] steps() {
    return steps;
  }

  /**
   * Copies {@code b[height, width]} to the rows from {@code row}, the columns from {@code column}
   * on.
   */
  protected abstract void copy(
      int height, int width, byte[] b, int bOffset, int ldb, int row, int column);

  /**
   * Reads codes back as floats: {@code into[i][j]} becomes the code at {@code (row + i, column +
   * j)}. So the plain-Java product can compute with any form.
   */
  public abstract void decode(int row, int height, int column, int width, float[][] into);
}

package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.error;
import static ernie4j.engine.kernels.ArgumentChecks.matrix;
import static ernie4j.engine.kernels.ArgumentChecks.range;
import static ernie4j.engine.kernels.ArgumentChecks.within;

/**
 * An int8 weight B {@code [rows, columns]} with one scale per column: the value of a code is {@code
 * code * scale / 127}. It has the same form for all kernels. Once all codes are packed it may be
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

  /**
   * Room for the codes of B; every one must be packed before use.
   *
   * @param scales the absolute maximum of every column
   * @throws IllegalArgumentException if a size is below 1 or sums over so many rows would not fit
   *     into int32, if there are fewer scales than columns, or one is negative or not finite
   */
  public Int8Matrix(int rows, int columns, float[] scales) {
    String operation = "Int8Matrix";
    atLeastOne(operation, "rows", rows);
    atLeastOne(operation, "columns", columns);
    if (rows > MOST_ROWS || (rows + 1L) * (columns + WIDTH - 1L) > Integer.MAX_VALUE - 8) {
      throw error(
          operation,
          "at most %d rows and less than 2^31 codes".formatted(MOST_ROWS),
          "[%d, %d]".formatted(rows, columns));
    }
    range(operation, "scales", columns, scales, 0);
    this.rows = rows;
    this.columns = columns;
    codes = new byte[Math.multiplyExact(panels() * WIDTH, evenRows())];
    steps = new float[columns];
    for (int j = 0; j < columns; j++) {
      if (!(scales[j] >= 0 && scales[j] <= Float.MAX_VALUE)) {
        throw error(operation, "scales from 0 on", "%s for column %d".formatted(scales[j], j));
      }
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
   * Copies a block of codes {@code [height, width]} that stands in {@code b} from {@code offset}
   * with {@code ld} codes from row to row; its first code goes to {@code (row, column)}.
   *
   * @throws IllegalArgumentException if the block does not fit into {@code b} or into this matrix
   */
  public void pack(int height, int width, byte[] b, int offset, int ld, int row, int column) {
    matrix("pack", "codes", height, width, b.length, offset, ld);
    within("pack", "rows", row, height, rows);
    within("pack", "columns", column, width, columns);
    for (int k = 0; k < height; k++) {
      int from = offset + k * ld;
      for (int j = 0; j < width; j++) {
        byte code = b[from + j];
        int panel = (column + j) / WIDTH;
        codes[panelOffset(panel) + (row + k) * WIDTH + place((column + j) % WIDTH)] = code;
        if (code == Byte.MIN_VALUE) {
          hasLeastCode = true;
        }
      }
    }
  }
}

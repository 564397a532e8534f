package ernie4j.engine.kernels.scalar;

import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * B as one array per row, wide matrices in blocks of columns. C2 turns {@code c[j] += a * b[j]}
 * into vector instructions when every row is an array of its own and the index is exactly {@code
 * j}; with offsets into a flat array it does not. Blocks keep the rows of C that {@link RowProduct}
 * works on in the first-level cache.
 */
public final class RowMatrix extends PackedMatrix {
  /** Eight rows of a block are 24 KB. */
  private static final int WIDEST = 768;

  private static final int CACHE_LINE = 16;

  // An array with this many values more than whole cache lines ends at the end of a line, header
  // included.
  private static final int BEFORE_HEADER = 12;

  private int width;
  private float[][][] blocks = new float[0][][];

  RowMatrix(int rows, int columns) {
    reshape(rows, columns);
  }

  int blocks() {
    return (columns() + width - 1) / width;
  }

  /** The first column of a block. */
  int column(int block) {
    return block * width;
  }

  /** The columns of a block. */
  int width(int block) {
    return Math.min(width, columns() - block * width);
  }

  /**
   * The rows of a block; they may be longer than the block is wide, and there may be more than
   * needed.
   */
  float[][] block(int block) {
    return blocks[block];
  }

  @Override
  protected void resize() {
    int count = (columns() + WIDEST - 1) / WIDEST;
    int even = (columns() + count - 1) / count;
    width = Math.min(columns(), (even + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
    if (blocks.length < count) {
      float[][][] more = new float[count][][];
      System.arraycopy(blocks, 0, more, 0, blocks.length);
      blocks = more;
    }
    for (int p = 0; p < count; p++) {
      blocks[p] = enlarged(blocks[p], rows(), width(p));
    }
  }

  /** At least so many rows of at least that width; contents are kept or zero. */
  public static float[][] enlarged(float[] @Nullable [] block, int height, int width) {
    float[][] result = block;
    if (result == null || result.length < height) {
      result = new float[height][];
      if (block != null) {
        System.arraycopy(block, 0, result, 0, block.length);
      }
    }
    for (int k = 0; k < height; k++) {
      if (result[k] == null || result[k].length < width) {
        result[k] = row(width);
      }
    }
    return result;
  }

  /**
   * An array for a row. Its size is a multiple of a cache line, so that rows made one after the
   * other begin at the same place within a line: loops over them then align all loads at once.
   */
  private static float[] row(int width) {
    int lines = (width + CACHE_LINE - BEFORE_HEADER + CACHE_LINE - 1) / CACHE_LINE;
    return new float[(lines - 1) * CACHE_LINE + BEFORE_HEADER];
  }

  @Override
  protected void copy(int height, int count, float[] b, int bOffset, int ldb, int row, int column) {
    for (int p = column / width; p * width < column + count; p++) {
      int first = Math.max(column, p * width);
      int end = Math.min(column + count, (p + 1) * width);
      for (int k = 0; k < height; k++) {
        int from = bOffset + k * ldb + first - column;
        System.arraycopy(b, from, blocks[p][row + k], first - p * width, end - first);
      }
    }
  }

  @Override
  protected void copyTransposed(float[] b, int bOffset, int ldb, int column, int count) {
    for (int p = column / width; p * width < column + count; p++) {
      int first = Math.max(column, p * width);
      int end = Math.min(column + count, (p + 1) * width);
      for (int k = 0; k < rows(); k++) {
        float[] row = blocks[p][k];
        for (int j = first; j < end; j++) {
          row[j - p * width] = b[bOffset + (j - column) * ldb + k];
        }
      }
    }
  }
}

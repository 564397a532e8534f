package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.PackedMatrix;
import java.util.Arrays;

/**
 * B as panels of {@code width} columns, each stored row after row: {@code [panel][row][width]}. A
 * tile of the product then reads B from front to back. The last panel has as many columns as are
 * left, padded with zeros to whole vectors.
 */
final class PanelMatrix extends PackedMatrix {
  private final int width;
  private final int lanes;
  float[] values = new float[0];

  /**
   * @param width columns of a full panel, a multiple of {@code lanes}
   * @param lanes floats of a vector
   */
  PanelMatrix(int rows, int columns, int width, int lanes) {
    this.width = width;
    this.lanes = lanes;
    reshape(rows, columns);
  }

  int panels() {
    return (columns() + width - 1) / width;
  }

  /** Columns of a full panel. */
  int width() {
    return width;
  }

  int panelOffset(int panel) {
    return panel * rows() * width;
  }

  /** The stored width of a panel: all are full except perhaps the last. */
  int panelWidth(int panel) {
    int left = columns() - panel * width;
    return left >= width ? width : (left + lanes - 1) / lanes * lanes;
  }

  @Override
  protected void resize() {
    int last = panels() - 1;
    int length = Math.addExact(panelOffset(last), Math.multiplyExact(rows(), panelWidth(last)));
    if (values.length < length) {
      values = new float[length];
    } else {
      clearPadding(last);
    }
  }

  private void clearPadding(int last) {
    int stored = panelWidth(last);
    int used = columns() - last * width;
    if (used < stored) {
      for (int k = 0, row = panelOffset(last); k < rows(); k++, row += stored) {
        Arrays.fill(values, row + used, row + stored, 0f);
      }
    }
  }

  @Override
  protected void copy(int height, int count, float[] b, int bOffset, int ldb, int row, int column) {
    for (int done = 0; done < count; ) {
      int panel = (column + done) / width;
      int lane = (column + done) % width;
      int run = Math.min(count - done, width - lane);
      int stored = panelWidth(panel);
      int to = panelOffset(panel) + row * stored + lane;
      for (int k = 0, from = bOffset + done; k < height; k++, from += ldb, to += stored) {
        System.arraycopy(b, from, values, to, run);
      }
      done += run;
    }
  }

  @Override
  protected void copyTransposed(float[] b, int bOffset, int ldb, int column, int count) {
    for (int done = 0; done < count; ) {
      int panel = (column + done) / width;
      int lane = (column + done) % width;
      // Eight columns at a time: eight streams to read, and a power-of-two ldb keeps its cache
      // lines.
      int run = Math.min(count - done, Math.min(8, width - lane));
      int stored = panelWidth(panel);
      int to = panelOffset(panel) + lane;
      int from = bOffset + done * ldb;
      if (run == 8) {
        packEightTransposed(b, from, ldb, to, stored);
      } else {
        for (int j = 0; j < run; j++) {
          for (int k = 0; k < rows(); k++) {
            values[to + k * stored + j] = b[from + j * ldb + k];
          }
        }
      }
      done += run;
    }
  }

  private void packEightTransposed(float[] b, int from, int ldb, int to, int stored) {
    for (int k = 0; k < rows(); k++) {
      int t = to + k * stored;
      int f = from + k;
      values[t] = b[f];
      values[t + 1] = b[f + ldb];
      values[t + 2] = b[f + 2 * ldb];
      values[t + 3] = b[f + 3 * ldb];
      values[t + 4] = b[f + 4 * ldb];
      values[t + 5] = b[f + 5 * ldb];
      values[t + 6] = b[f + 6 * ldb];
      values[t + 7] = b[f + 7 * ldb];
    }
  }
}

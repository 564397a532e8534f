package ernie4j.engine.kernels;

/** Transposition in square blocks, so that the strided side stays in the first-level cache. */
final class Transpose {
  private Transpose() {}

  private static final int BLOCK = 16;

  static void blocked(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int i0 = 0; i0 < rows; i0 += BLOCK) {
      int i1 = Math.min(rows, i0 + BLOCK);
      for (int j0 = 0; j0 < columns; j0 += BLOCK) {
        int j1 = Math.min(columns, j0 + BLOCK);
        for (int j = j0; j < j1; j++) {
          int to = yOffset + j * ldy;
          int from = xOffset + j;
          for (int i = i0; i < i1; i++) {
            y[to + i] = x[from + i * ldx];
          }
        }
      }
    }
  }
}

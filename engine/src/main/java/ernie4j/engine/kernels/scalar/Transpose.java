package ernie4j.engine.kernels.scalar;

/**
 * Transposition of eight rows at a time: eight streams to read, and eight neighboring values to
 * write. Twice as fast as square blocks, in which one of the two sides jumps at every value.
 */
public final class Transpose {
  private Transpose() {}

  public static void rows(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    int i = 0;
    for (; i + 8 <= rows; i += 8) {
      eight(columns, x, xOffset + i * ldx, ldx, y, yOffset + i, ldy);
    }
    for (; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[yOffset + j * ldy + i] = x[xOffset + i * ldx + j];
      }
    }
  }

  private static void eight(int columns, float[] x, int from, int ldx, float[] y, int to, int ldy) {
    for (int j = 0; j < columns; j++) {
      int f = from + j;
      int t = to + j * ldy;
      y[t] = x[f];
      y[t + 1] = x[f + ldx];
      y[t + 2] = x[f + 2 * ldx];
      y[t + 3] = x[f + 3 * ldx];
      y[t + 4] = x[f + 4 * ldx];
      y[t + 5] = x[f + 5 * ldx];
      y[t + 6] = x[f + 6 * ldx];
      y[t + 7] = x[f + 7 * ldx];
    }
  }
}

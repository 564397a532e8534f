package ernie4j.engine.kernels.vector;

/**
 * The twin of {@link Tiles} in plain Java: it computes with the panels of the vector kernels until
 * those are compiled. Two rows by four columns of sums in local variables are fast immediately,
 * long before a loop would be vectorized.
 */
final class PlainTiles implements PanelFunction {
  // All rows of C by one panel of B.
  @Override
  public void run(
      int width,
      int rows,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    for (int j = 0; j < width; j += 4) {
      int i = 0;
      for (; i + 2 <= rows; i += 2) {
        twoRows(
            width,
            n,
            a,
            a0 + i * lda,
            lda,
            b,
            b0 + j,
            init,
            i0 + i * ldi + j,
            ldi,
            c,
            c0 + i * ldc + j,
            ldc);
      }
      if (i < rows) {
        oneRow(width, n, a, a0 + i * lda, b, b0 + j, init, i0 + i * ldi + j, c, c0 + i * ldc + j);
      }
    }
  }

  private static void twoRows(
      int width,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    int i1 = i0 + ldi;
    float x0 = init[i0];
    float x1 = init[i0 + 1];
    float x2 = init[i0 + 2];
    float x3 = init[i0 + 3];
    float y0 = init[i1];
    float y1 = init[i1 + 1];
    float y2 = init[i1 + 2];
    float y3 = init[i1 + 3];
    for (int k = 0, p = b0; k < n; k++, p += width) {
      float s = a[a0 + k];
      float t = a[a0 + lda + k];
      x0 = Math.fma(s, b[p], x0);
      x1 = Math.fma(s, b[p + 1], x1);
      x2 = Math.fma(s, b[p + 2], x2);
      x3 = Math.fma(s, b[p + 3], x3);
      y0 = Math.fma(t, b[p], y0);
      y1 = Math.fma(t, b[p + 1], y1);
      y2 = Math.fma(t, b[p + 2], y2);
      y3 = Math.fma(t, b[p + 3], y3);
    }
    int c1 = c0 + ldc;
    c[c0] = x0;
    c[c0 + 1] = x1;
    c[c0 + 2] = x2;
    c[c0 + 3] = x3;
    c[c1] = y0;
    c[c1 + 1] = y1;
    c[c1 + 2] = y2;
    c[c1 + 3] = y3;
  }

  private static void oneRow(
      int width,
      int n,
      float[] a,
      int a0,
      float[] b,
      int b0,
      float[] init,
      int i0,
      float[] c,
      int c0) {
    float x0 = init[i0];
    float x1 = init[i0 + 1];
    float x2 = init[i0 + 2];
    float x3 = init[i0 + 3];
    for (int k = 0, p = b0; k < n; k++, p += width) {
      float s = a[a0 + k];
      x0 = Math.fma(s, b[p], x0);
      x1 = Math.fma(s, b[p + 1], x1);
      x2 = Math.fma(s, b[p + 2], x2);
      x3 = Math.fma(s, b[p + 3], x3);
    }
    c[c0] = x0;
    c[c0 + 1] = x1;
    c[c0 + 2] = x2;
    c[c0 + 3] = x3;
  }
}

package ernie4j.engine.kernels;

/**
 * {@code C += A B} with B as one array per row: four rows of C and four rows of B a pass. Each
 * inner loop has the plain index j over separate arrays, the one form that C2 vectorizes by itself;
 * every element of C sums over k in ascending order, so rows do not depend on their neighbours. One
 * instance belongs to one thread.
 */
final class RowProduct {
  private static final int ROWS = 4;

  /** The rows of C that are worked on, each an array of its own. */
  private final float[][] scratch = new float[ROWS][0];

  void add(int m, float[] a, int aOffset, int lda, RowMatrix b, float[] c, int cOffset, int ldc) {
    int n = b.columns();
    for (int r = 0; r < ROWS; r++) {
      if (scratch[r].length < n) {
        scratch[r] = new float[n];
      }
    }
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(c, cOffset + (i + r) * ldc, scratch[r], 0, n);
      }
      int first = aOffset + i * lda;
      if (rows == ROWS) {
        fourRows(a, first, lda, b, scratch, n);
      } else {
        for (int r = 0; r < rows; r++) {
          oneRow(a, first + r * lda, b, scratch[r], n);
        }
      }
      for (int r = 0; r < rows; r++) {
        System.arraycopy(scratch[r], 0, c, cOffset + (i + r) * ldc, n);
      }
    }
  }

  private static void fourRows(float[] a, int a0, int lda, RowMatrix b, float[][] c, int n) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    float[][] rows = b.values;
    int k = 0;
    for (; k + 4 <= b.rows(); k += 4) {
      float[] b0 = rows[k];
      float[] b1 = rows[k + 1];
      float[] b2 = rows[k + 2];
      float[] b3 = rows[k + 3];
      fourRowsFourTerms(
          c[0],
          c[1],
          c[2],
          c[3],
          b0,
          b1,
          b2,
          b3,
          a[a0 + k],
          a[a0 + k + 1],
          a[a0 + k + 2],
          a[a0 + k + 3],
          a[a1 + k],
          a[a1 + k + 1],
          a[a1 + k + 2],
          a[a1 + k + 3],
          a[a2 + k],
          a[a2 + k + 1],
          a[a2 + k + 2],
          a[a2 + k + 3],
          a[a3 + k],
          a[a3 + k + 1],
          a[a3 + k + 2],
          a[a3 + k + 3],
          n);
    }
    for (; k < b.rows(); k++) {
      oneTerm(c[0], rows[k], a[a0 + k], n);
      oneTerm(c[1], rows[k], a[a1 + k], n);
      oneTerm(c[2], rows[k], a[a2 + k], n);
      oneTerm(c[3], rows[k], a[a3 + k], n);
    }
  }

  private static void oneRow(float[] a, int a0, RowMatrix b, float[] c, int n) {
    float[][] rows = b.values;
    int k = 0;
    for (; k + 4 <= b.rows(); k += 4) {
      fourTerms(
          c,
          rows[k],
          rows[k + 1],
          rows[k + 2],
          rows[k + 3],
          a[a0 + k],
          a[a0 + k + 1],
          a[a0 + k + 2],
          a[a0 + k + 3],
          n);
    }
    for (; k < b.rows(); k++) {
      oneTerm(c, rows[k], a[a0 + k], n);
    }
  }

  /** Twenty-four parameters, but each value of B is loaded once for four rows. */
  private static void fourRowsFourTerms(
      float[] c0,
      float[] c1,
      float[] c2,
      float[] c3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float p0,
      float p1,
      float p2,
      float p3,
      float q0,
      float q1,
      float q2,
      float q3,
      float r0,
      float r1,
      float r2,
      float r3,
      float s0,
      float s1,
      float s2,
      float s3,
      int n) {
    for (int j = 0; j < n; j++) {
      float x0 = b0[j];
      float x1 = b1[j];
      float x2 = b2[j];
      float x3 = b3[j];
      c0[j] = Math.fma(p3, x3, Math.fma(p2, x2, Math.fma(p1, x1, Math.fma(p0, x0, c0[j]))));
      c1[j] = Math.fma(q3, x3, Math.fma(q2, x2, Math.fma(q1, x1, Math.fma(q0, x0, c1[j]))));
      c2[j] = Math.fma(r3, x3, Math.fma(r2, x2, Math.fma(r1, x1, Math.fma(r0, x0, c2[j]))));
      c3[j] = Math.fma(s3, x3, Math.fma(s2, x2, Math.fma(s1, x1, Math.fma(s0, x0, c3[j]))));
    }
  }

  private static void fourTerms(
      float[] c,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float s0,
      float s1,
      float s2,
      float s3,
      int n) {
    for (int j = 0; j < n; j++) {
      c[j] =
          Math.fma(s3, b3[j], Math.fma(s2, b2[j], Math.fma(s1, b1[j], Math.fma(s0, b0[j], c[j]))));
    }
  }

  private static void oneTerm(float[] c, float[] b, float s, int n) {
    for (int j = 0; j < n; j++) {
      c[j] = Math.fma(s, b[j], c[j]);
    }
  }
}

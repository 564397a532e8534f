package ernie4j.engine.kernels.scalar;

import ernie4j.engine.platform.Fma;

/**
 * {@code C += A B} with B as one array per row: a few rows of C and four rows of B per pass. Every
 * element of C sums over k in ascending order, so rows do not depend on their neighbors. One
 * instance belongs to one thread.
 *
 * <p>C2 vectorizes the inner loops by itself, if they have the plain index j over separate arrays,
 * if all loads come before all stores, and if the loop is not too long. It finds the lanes of a
 * vector by following the uses of a value. If two rows multiply the same value of B, C2 of JDK 17
 * confuses the rows and gives up, unless the factors of every second row are exchanged; for more
 * than two rows nothing helped. Newer versions vectorize four rows, which share the loads of B.
 *
 * <p>Measured on one Zen 4 core with a peak of 118 GFLOP/s, 384 columns, JDK 17 and 25: four rows
 * by four terms 14 and 75, three by three 14 and 74, two by four 14 and 67, with exchanged factors
 * 62 and 67; four by two 55 and 58, one by four 40 and 41, one by eight 10 and 40; eight rows or
 * twenty products in one loop 10 and 14. Calling the inner loop as a method with the factors as
 * parameters made it depend on what C2 inlines.
 */
final class RowProduct {
  private static final int ROWS = 4;

  private static final boolean FOUR_ROWS_VECTORIZE = platformVersion() >= 21;

  /**
   * Below this width a loop over columns is too short to be worth it. If the other loops cannot
   * run, every width is below it.
   */
  private static final int NARROW = Fma.BUILT_IN ? 48 : Integer.MAX_VALUE;

  /** The rows of C that are worked on, each an array of its own. */
  private float[][] scratch = new float[ROWS][0];

  /** 17 on JDK 17; 0 on platforms with other version numbers: Android reports 0.9. */
  private static int platformVersion() {
    String version = System.getProperty("java.specification.version", "");
    return version.matches("[0-9]{1,4}") ? Integer.parseInt(version) : 0;
  }

  void add(int m, float[] a, int aOffset, int lda, RowMatrix b, float[] c, int cOffset, int ldc) {
    for (int p = 0; p < b.blocks(); p++) {
      int n = b.width(p);
      int first = cOffset + b.column(p);
      scratch = RowMatrix.enlarged(scratch, ROWS, n);
      for (int i = 0; i < m; i += ROWS) {
        int rows = Math.min(ROWS, m - i);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(c, first + (i + r) * ldc, scratch[r], 0, n);
        }
        add(rows, b.rows(), n, a, aOffset + i * lda, lda, b.block(p), scratch, 0);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(scratch[r], 0, c, first + (i + r) * ldc, n);
        }
      }
    }
  }

  /**
   * {@code C += A B} for {@code c[row]} to {@code c[row + m - 1]}, n columns, sums over k values.
   *
   * @param b its rows, and those of C, come from {@link RowMatrix#enlarged}
   */
  static void add(
      int m, int k, int n, float[] a, int a0, int lda, float[][] b, float[][] c, int row) {
    if (n < NARROW) {
      narrow(m, k, n, a, a0, lda, b, c, row);
      return;
    }
    int i = 0;
    if (FOUR_ROWS_VECTORIZE) {
      for (; i + 4 <= m; i += 4) {
        int at = row + i;
        fourRows(k, n, a, a0 + i * lda, lda, b, c[at], c[at + 1], c[at + 2], c[at + 3]);
      }
    }
    for (; i + 2 <= m; i += 2) {
      twoRows(k, n, a, a0 + i * lda, lda, b, c[row + i], c[row + i + 1]);
    }
    if (i < m) {
      oneRow(k, n, a, a0 + i * lda, b, c[row + i]);
    }
    int done = k - k % 4;
    for (int r = 0; r < m; r++) {
      for (int t = done; t < k; t++) {
        oneTerm(n, a[a0 + r * lda + t], b[t], c[row + r]);
      }
    }
  }

  private static void fourRows(
      int k,
      int n,
      float[] a,
      int a0,
      int lda,
      float[][] b,
      float[] c0,
      float[] c1,
      float[] c2,
      float[] c3) {
    int a1 = a0 + lda;
    int a2 = a1 + lda;
    int a3 = a2 + lda;
    for (int t = 0; t + 4 <= k; t += 4) {
      float[] b0 = b[t];
      float[] b1 = b[t + 1];
      float[] b2 = b[t + 2];
      float[] b3 = b[t + 3];
      float p0 = a[a0 + t];
      float p1 = a[a0 + t + 1];
      float p2 = a[a0 + t + 2];
      float p3 = a[a0 + t + 3];
      float q0 = a[a1 + t];
      float q1 = a[a1 + t + 1];
      float q2 = a[a1 + t + 2];
      float q3 = a[a1 + t + 3];
      float r0 = a[a2 + t];
      float r1 = a[a2 + t + 1];
      float r2 = a[a2 + t + 2];
      float r3 = a[a2 + t + 3];
      float s0 = a[a3 + t];
      float s1 = a[a3 + t + 1];
      float s2 = a[a3 + t + 2];
      float s3 = a[a3 + t + 3];
      for (int j = 0; j < n; j++) {
        float x0 = b0[j];
        float x1 = b1[j];
        float x2 = b2[j];
        float x3 = b3[j];
        float y0 = c0[j];
        float y1 = c1[j];
        float y2 = c2[j];
        float y3 = c3[j];
        c0[j] = Math.fma(p3, x3, Math.fma(p2, x2, Math.fma(p1, x1, Math.fma(p0, x0, y0))));
        c1[j] = Math.fma(q3, x3, Math.fma(q2, x2, Math.fma(q1, x1, Math.fma(q0, x0, y1))));
        c2[j] = Math.fma(r3, x3, Math.fma(r2, x2, Math.fma(r1, x1, Math.fma(r0, x0, y2))));
        c3[j] = Math.fma(s3, x3, Math.fma(s2, x2, Math.fma(s1, x1, Math.fma(s0, x0, y3))));
      }
    }
  }

  private static void twoRows(
      int k, int n, float[] a, int a0, int lda, float[][] b, float[] c0, float[] c1) {
    int a1 = a0 + lda;
    for (int t = 0; t + 4 <= k; t += 4) {
      float[] b0 = b[t];
      float[] b1 = b[t + 1];
      float[] b2 = b[t + 2];
      float[] b3 = b[t + 3];
      float p0 = a[a0 + t];
      float p1 = a[a0 + t + 1];
      float p2 = a[a0 + t + 2];
      float p3 = a[a0 + t + 3];
      float q0 = a[a1 + t];
      float q1 = a[a1 + t + 1];
      float q2 = a[a1 + t + 2];
      float q3 = a[a1 + t + 3];
      for (int j = 0; j < n; j++) {
        float x0 = b0[j];
        float x1 = b1[j];
        float x2 = b2[j];
        float x3 = b3[j];
        float y0 = c0[j];
        float y1 = c1[j];
        c0[j] = Math.fma(p3, x3, Math.fma(p2, x2, Math.fma(p1, x1, Math.fma(p0, x0, y0))));
        // The exchanged factors distinguish the rows.
        c1[j] = Math.fma(x3, q3, Math.fma(x2, q2, Math.fma(x1, q1, Math.fma(x0, q0, y1))));
      }
    }
  }

  private static void oneRow(int k, int n, float[] a, int a0, float[][] b, float[] c) {
    for (int t = 0; t + 4 <= k; t += 4) {
      float[] b0 = b[t];
      float[] b1 = b[t + 1];
      float[] b2 = b[t + 2];
      float[] b3 = b[t + 3];
      float p0 = a[a0 + t];
      float p1 = a[a0 + t + 1];
      float p2 = a[a0 + t + 2];
      float p3 = a[a0 + t + 3];
      for (int j = 0; j < n; j++) {
        c[j] =
            Math.fma(
                p3, b3[j], Math.fma(p2, b2[j], Math.fma(p1, b1[j], Math.fma(p0, b0[j], c[j]))));
      }
    }
  }

  private static void oneTerm(int n, float s, float[] b, float[] c) {
    for (int j = 0; j < n; j++) {
      c[j] = Math.fma(s, b[j], c[j]);
    }
  }

  /** Sums in local variables, two rows by four columns; rows have room for whole fours. */
  private static void narrow(
      int m, int k, int n, float[] a, int a0, int lda, float[][] b, float[][] c, int row) {
    if (!Fma.BUILT_IN) {
      PortableProduct.add(m, k, n, a, a0, lda, b, c, row);
      return;
    }
    for (int i = 0; i < m; i += 2) {
      // A last row alone is computed as both of a pair.
      int next = Math.min(i + 1, m - 1);
      for (int j = 0; j < n; j += 4) {
        narrow(k, a, a0 + i * lda, a0 + next * lda, b, j, c[row + i], c[row + next]);
      }
    }
  }

  private static void narrow(
      int k, float[] a, int a0, int a1, float[][] b, int j, float[] c0, float[] c1) {
    float x0 = c0[j];
    float x1 = c0[j + 1];
    float x2 = c0[j + 2];
    float x3 = c0[j + 3];
    float y0 = c1[j];
    float y1 = c1[j + 1];
    float y2 = c1[j + 2];
    float y3 = c1[j + 3];
    for (int t = 0; t < k; t++) {
      float[] values = b[t];
      float p = a[a0 + t];
      float q = a[a1 + t];
      x0 = Math.fma(p, values[j], x0);
      x1 = Math.fma(p, values[j + 1], x1);
      x2 = Math.fma(p, values[j + 2], x2);
      x3 = Math.fma(p, values[j + 3], x3);
      y0 = Math.fma(q, values[j], y0);
      y1 = Math.fma(q, values[j + 1], y1);
      y2 = Math.fma(q, values[j + 2], y2);
      y3 = Math.fma(q, values[j + 3], y3);
    }
    c0[j] = x0;
    c0[j + 1] = x1;
    c0[j + 2] = x2;
    c0[j + 3] = x3;
    c1[j] = y0;
    c1[j + 1] = y1;
    c1[j + 2] = y2;
    c1[j + 3] = y3;
  }
}

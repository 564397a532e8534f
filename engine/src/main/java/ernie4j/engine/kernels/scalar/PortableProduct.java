package ernie4j.engine.kernels.scalar;

import ernie4j.engine.platform.Fma;

/**
 * What {@link RowProduct} computes, for platforms without {@link Math#fma(float, float, float)}:
 * the same sums in the same order, which no compiler vectorizes. RowProduct itself calls Math.fma,
 * because how C2 vectorizes its loops depends on every detail, including a method in between.
 */
final class PortableProduct {
  private PortableProduct() {}

  static void add(
      int m, int k, int n, float[] a, int a0, int lda, float[][] b, float[][] c, int row) {
    for (int i = 0; i < m; i++) {
      float[] sums = c[row + i];
      for (int t = 0; t < k; t++) {
        float factor = a[a0 + i * lda + t];
        float[] values = b[t];
        for (int j = 0; j < n; j++) {
          sums[j] = Fma.fma(factor, values[j], sums[j]);
        }
      }
    }
  }
}

package ernie4j.machinecode;

import ernie4j.engine.kernels.Kernels;
import java.util.Arrays;

/** The products computed value by value, as they are defined. */
final class PlainProducts {
  private PlainProducts() {}

  /** {@code C = start + A B}, and GELU of it; arguments as in {@link FloatProduct#run}. */
  static void multiply(
      int m,
      float[] a,
      int a0,
      int lda,
      Operand b,
      Variant.Start start,
      float[] bias,
      boolean gelu,
      float[] c,
      int c0,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < b.columns(); j++) {
        int at = c0 + i * ldc + j;
        float sum =
            switch (start) {
              case ZERO -> 0;
              case BIAS -> bias[j];
              case C -> c[at];
            };
        for (int k = 0; k < b.rows(); k++) {
          sum = Math.fma(a[a0 + i * lda + k], b.values()[k * b.columns() + j], sum);
        }
        c[at] = sum;
      }
      gelu(gelu, b.columns(), c, c0 + i * ldc);
    }
  }

  private static void gelu(boolean gelu, int n, float[] c, int at) {
    if (gelu) {
      Kernels.scalar().gelu(n, c, at, c, at);
    }
  }

  /** B in float32 {@code [rows, columns]}. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Operand(int rows, int columns, float[] values) {}

  /** B in int8 {@code [rows, columns]}, and the absolute maximum of each column. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Codes(int rows, int columns, byte[] values, float[] scales) {}

  /** {@code C = A' B + bias}, and GELU of it; arguments as in {@link Int8Product#run}. */
  static void multiply(
      int m,
      float[] a,
      int a0,
      int lda,
      float scale,
      Codes b,
      float[] bias,
      boolean gelu,
      float[] c,
      int c0,
      int ldc) {
    for (int i = 0; i < m; i++) {
      float[] row = Arrays.copyOfRange(a, a0 + i * lda, a0 + i * lda + b.rows());
      float used = scale > 0 ? scale : absoluteMaximum(row);
      float rowStep = isFinite(row) ? used / 127 : Float.NaN;
      for (int j = 0; j < b.columns(); j++) {
        long total = 0;
        for (int k = 0; k < b.rows(); k++) {
          total += (long) code(row[k], used) * b.values()[k * b.columns() + j];
        }
        c[c0 + i * ldc + j] = Math.fma((float) total, rowStep * (b.scales()[j] / 127), bias[j]);
      }
      gelu(gelu, b.columns(), c, c0 + i * ldc);
    }
  }

  private static boolean isFinite(float[] row) {
    for (float x : row) {
      if (!Float.isFinite(x)) {
        return false;
      }
    }
    return true;
  }

  private static float absoluteMaximum(float[] row) {
    float maximum = 0;
    for (float x : row) {
      maximum = Math.max(maximum, Math.abs(x));
    }
    return maximum;
  }

  private static int code(float x, float scale) {
    float steps = x * 127 / scale;
    return Float.isNaN(steps) ? 0 : (int) Math.rint(Math.max(-128, Math.min(127, steps)));
  }
}

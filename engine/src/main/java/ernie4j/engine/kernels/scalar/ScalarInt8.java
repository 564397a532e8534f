package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.platform.Fma.fma;

import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;
import java.util.Arrays;

/**
 * Products with int8 weights in plain Java, and the definition of their arithmetic. One instance
 * belongs to one thread.
 *
 * <p>Codes become floats, blocks of rows at a time, and {@link RowProduct} multiplies them: whole
 * numbers up to 2^24 are exact in float32, and a sum of 1024 products of codes is not larger.
 * Longer sums are continued in int32.
 */
public final class ScalarInt8 {
  /** Adding and subtracting 1.5 * 2^23 rounds to whole numbers, half to even. */
  public static final float ROUND = 0x1.8p23f;

  /** The number of products of codes that are added in float32: 128 * 128 * 1024 is 2^24. */
  private static final int EXACT_ROWS = 1024;

  /** Rows of the weight that are decoded at a time. */
  private static final int DECODED_ROWS = 64;

  /** Columns that are computed at a time. */
  private static final int DECODED_COLUMNS = 384;

  private static final int ROWS = 16;

  private float[] values = new float[0];
  private float[] rowSteps = new float[0];
  private float[][] decoded = new float[0][];
  private final float[][] sums = new float[ROWS][DECODED_COLUMNS];
  private final int[][] totals = new int[ROWS][DECODED_COLUMNS];

  /** {@code C = A' B' + bias}; see {@link Kernels#gemmInt8}. */
  void multiply(
      int m,
      float[] a,
      int a0,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      float[] c,
      int c0,
      int ldc) {
    int n = b.rows();
    decoded = RowMatrix.enlarged(decoded, DECODED_ROWS, DECODED_COLUMNS);
    if (values.length < ROWS * n) {
      values = new float[ROWS * n];
      rowSteps = new float[ROWS];
    }
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      for (int r = 0; r < rows; r++) {
        rowSteps[r] = quantize(n, a, a0 + (i + r) * lda, scale, values, r * n);
      }
      for (int column = 0; column < b.columns(); column += DECODED_COLUMNS) {
        int count = Math.min(DECODED_COLUMNS, b.columns() - column);
        sum(rows, column, count, b);
        for (int r = 0; r < rows; r++) {
          dequantize(totals[r], rowSteps[r], b, bias, column, count, c, c0 + (i + r) * ldc);
        }
      }
    }
  }

  /**
   * The codes of a row as floats: {@code round(x * 127 / scale)} clamped to [-128, 127], half to
   * even.
   *
   * @param scale 0 for the row's own absolute maximum
   * @return the value of one code step, scale / 127, or NaN if a value is NaN or infinite
   */
  static float quantize(int n, float[] x, int from, float scale, float[] codes, int to) {
    float used = scale > 0 ? scale : absoluteMaximum(n, x, from);
    for (int i = 0; i < n; i++) {
      codes[to + i] = code(x[from + i], used);
    }
    return used / 127 + zeroIfFinite(n, x, from);
  }

  /** 0 if all values are finite, else NaN. */
  public static float zeroIfFinite(int n, float[] x, int from) {
    float zero = 0;
    for (int i = from; i < from + n; i++) {
      zero += x[i] * 0f;
    }
    return zero;
  }

  public static float absoluteMaximum(int n, float[] x, int from) {
    float max = 0;
    for (int i = from; i < from + n; i++) {
      float magnitude = Math.abs(x[i]);
      max = magnitude > max ? magnitude : max;
    }
    return max;
  }

  /** One code; a value without a code, 0 / 0 or NaN, becomes 0. */
  public static float code(float x, float scale) {
    float steps = x * 127 / scale;
    float low = steps > -128 ? steps : -128;
    float clamped = low < 127 ? low : 127;
    float rounded = clamped + ROUND - ROUND;
    return Float.isNaN(steps) ? 0 : rounded;
  }

  private void sum(int rows, int column, int count, Int8Matrix b) {
    int n = b.rows();
    for (int r = 0; r < rows; r++) {
      Arrays.fill(totals[r], 0, count, 0);
    }
    for (int k = 0; k < n; k += EXACT_ROWS) {
      int end = Math.min(n, k + EXACT_ROWS);
      for (int r = 0; r < rows; r++) {
        Arrays.fill(sums[r], 0, count, 0f);
      }
      for (int first = k; first < end; first += DECODED_ROWS) {
        int height = Math.min(DECODED_ROWS, end - first);
        b.decode(first, height, column, count, decoded);
        RowProduct.add(rows, height, count, values, first, n, decoded, sums, 0);
      }
      for (int r = 0; r < rows; r++) {
        addWhole(count, sums[r], totals[r]);
      }
    }
  }

  private static void addWhole(int n, float[] sums, int[] totals) {
    for (int j = 0; j < n; j++) {
      totals[j] += (int) sums[j];
    }
  }

  /** {@code total * (row step * column step) + bias}, with one rounding for each operation. */
  private static void dequantize(
      int[] totals,
      float rowStep,
      Int8Matrix b,
      float[] bias,
      int column,
      int count,
      float[] c,
      int c0) {
    for (int j = 0; j < count; j++) {
      c[c0 + column + j] = dequantized(totals[j], rowStep, b.steps()[column + j], bias[column + j]);
    }
  }

  public static float dequantized(int total, float rowStep, float columnStep, float bias) {
    return fma((float) total, rowStep * columnStep, bias);
  }
}

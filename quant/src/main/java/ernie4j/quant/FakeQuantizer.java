package ernie4j.quant;

import ernie4j.engine.Tensor;

/**
 * Quantizes and immediately dequantizes, so that a float model sees the error that int8 will bring:
 * {@code y = code * scale / 127} with {@code code = round((127 * (1 / scale)) * x)}, all in float32
 * and in this order, as Paddle's fake_quantize_dequantize kernels do it.
 *
 * <p>{@code 1 / scale} is {@code 1 / (scale + 1e-6)} for scales up to 1e-30, so a scale of zero
 * gives zeros. NaN stays NaN. The gradient is straight-through: the backward pass leaves {@code dy}
 * unchanged, also for values beyond the scale.
 *
 * <p>The loops over arrays use one index for everything, which C2 vectorizes; this runs over every
 * weight and activation in each step of quantization-aware training.
 *
 * @param rounding the rule for ties and clamping
 */
public record FakeQuantizer(Rounding rounding) {

  /**
   * Quantizes and dequantizes with one scale: {@code y[i]} from {@code x[i]} for {@code i} in
   * {@code [from, to)}.
   *
   * @param x the values
   * @param y receives the results; may be {@code x} itself
   * @param from index of the first value
   * @param to index after the last value
   * @param scale the magnitude that maps to code 127, at least 0
   * @throws IllegalArgumentException if the scale is negative, infinite or NaN
   */
  public void apply(float[] x, float[] y, int from, int to, float scale) {
    float factor = factor(scale);
    switch (rounding) {
      case HALF_TO_EVEN -> {
        for (int i = from; i < to; i++) {
          y[i] = Rounding.halfToEven(x[i], factor) * scale / 127;
        }
      }
      case HALF_AWAY_FROM_ZERO -> {
        for (int i = from; i < to; i++) {
          y[i] = Rounding.halfAwayFromZero(x[i], scale, factor) * scale / 127;
        }
      }
    }
  }

  /**
   * Quantizes and dequantizes a weight {@code [in, out]} with one scale per column.
   *
   * @param weight the weight, {@code [in, out]}; not changed
   * @param scales one per column, usually {@link AbsMax#ofColumns}
   * @return a new tensor of the same shape
   * @throws IllegalArgumentException if the weight is not a matrix, the number of scales is not its
   *     number of columns, or a scale is negative, infinite or NaN
   */
  public Tensor applyToColumns(Tensor weight, float[] scales) {
    AbsMax.requireMatrix("FakeQuantizer.applyToColumns", weight);
    int columns = weight.dimension(1);
    if (scales.length != columns) {
      throw new IllegalArgumentException(
          "FakeQuantizer.applyToColumns: expected %d scales for weight %s, got %d"
              .formatted(columns, weight, scales.length));
    }
    float[] result = new float[weight.size()];
    applyToColumns(weight.toArray(), weight.dimension(0), scales, result, 0, columns);
    return Tensor.of(result, weight.shape());
  }

  /**
   * Quantizes and dequantizes the columns {@code [from, to)} of a weight, so that threads can share
   * the columns.
   *
   * @param weight the weight, {@code [rows, scales.length]}, from index 0
   * @param rows the rows of the weight
   * @param scales one per column
   * @param result receives the columns, laid out as the weight
   * @param from the first column
   * @param to the column after the last
   * @throws IllegalArgumentException if a scale is negative, infinite or NaN
   */
  public void applyToColumns(
      float[] weight, int rows, float[] scales, float[] result, int from, int to) {
    int columns = scales.length;
    int n = to - from;
    // Copies of a row's part, its scales and factors, all from index 0: see the class comment.
    float[] scale = new float[n];
    float[] factor = new float[n];
    float[] row = new float[n];
    for (int i = 0; i < n; i++) {
      scale[i] = scales[from + i];
      factor[i] = factor(scale[i]);
    }
    for (int start = from; start < rows * columns; start += columns) {
      System.arraycopy(weight, start, row, 0, n);
      applyToRow(row, scale, factor);
      System.arraycopy(row, 0, result, start, n);
    }
  }

  private void applyToRow(float[] row, float[] scale, float[] factor) {
    switch (rounding) {
      case HALF_TO_EVEN -> {
        for (int i = 0; i < row.length; i++) {
          row[i] = Rounding.halfToEven(row[i], factor[i]) * scale[i] / 127;
        }
      }
      case HALF_AWAY_FROM_ZERO -> {
        for (int i = 0; i < row.length; i++) {
          row[i] = Rounding.halfAwayFromZero(row[i], scale[i], factor[i]) * scale[i] / 127;
        }
      }
    }
  }

  /**
   * Returns the code that {@link #apply} rounds a value to.
   *
   * @param x the value
   * @param scale the magnitude that maps to code 127, at least 0
   * @return the code, from -128 to 127; 0 for NaN
   * @throws IllegalArgumentException if the scale is negative, infinite or NaN
   */
  public int code(float x, float scale) {
    float factor = factor(scale);
    return switch (rounding) {
      case HALF_TO_EVEN -> (int) Rounding.halfToEven(x, factor);
      case HALF_AWAY_FROM_ZERO -> (int) Rounding.halfAwayFromZero(x, scale, factor);
    };
  }

  private static float factor(float scale) {
    if (!(scale >= 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "FakeQuantizer: the scale must be finite and at least 0, got " + scale);
    }
    return 127 * (scale <= 1e-30f ? 1 / (scale + 1e-6f) : 1 / scale);
  }
}

package ernie4j.quant;

import ernie4j.engine.Tensor;

/**
 * Quantizes and at once dequantizes, so that a float model sees the error that int8 will bring:
 * {@code y = code * scale / 127} with {@code code = round((127 * (1 / scale)) * x)}, all in float32
 * and in this order, as Paddle's fake_quantize_dequantize kernels do it.
 *
 * <p>{@code 1 / scale} is {@code 1 / (scale + 1e-6)} for scales up to 1e-30, so a scale of zero
 * gives zeros. The gradient is straight-through: backward passes {@code dy} on unchanged, also for
 * values outside the scale.
 *
 * @param rounding the tie and clamping rule
 */
public record FakeQuantizer(Rounding rounding) {

  /**
   * Quantizes and dequantizes with one scale: {@code y[to + i]} from {@code x[from + i]}. The
   * arrays may be the same if the ranges are the same or disjoint.
   *
   * @throws IllegalArgumentException if the scale is negative, infinite or NaN
   */
  public void apply(float[] x, int from, int count, float scale, float[] y, int to) {
    float inverse = inverse(scale);
    for (int i = 0; i < count; i++) {
      y[to + i] = rounding.code(x[from + i], scale, inverse) * scale / 127;
    }
  }

  /**
   * Quantizes and dequantizes a weight {@code [in, out]} with one scale per column.
   *
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
    float[] inverses = new float[columns];
    for (int column = 0; column < columns; column++) {
      inverses[column] = inverse(scales[column]);
    }
    float[] result = new float[weight.size()];
    for (int row = 0, i = 0; row < weight.dimension(0); row++) {
      for (int column = 0; column < columns; column++, i++) {
        float scale = scales[column];
        result[i] = rounding.code(weight.get(i), scale, inverses[column]) * scale / 127;
      }
    }
    return Tensor.of(result, weight.shape());
  }

  /** The code of one value: what {@link #apply} rounds to, from -128 to 127. */
  public int code(float x, float scale) {
    return (int) rounding.code(x, scale, inverse(scale));
  }

  private static float inverse(float scale) {
    if (!(scale >= 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "FakeQuantizer: the scale must be a number from 0 on, got " + scale);
    }
    return scale <= 1e-30f ? 1 / (scale + 1e-6f) : 1 / scale;
  }
}

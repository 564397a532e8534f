package ernie4j.quant;

import ernie4j.engine.Tensor;

/**
 * Absolute maxima, the scales of all quantizers of this package. If a value is NaN, so is the
 * maximum.
 */
public final class AbsMax {
  /**
   * The scale that replaces an absolute maximum of zero where a scale must be positive, as in
   * Paddle's export.
   */
  public static final float ZERO_SCALE = 1e-8f;

  private AbsMax() {}

  /**
   * Returns the largest magnitude of a range.
   *
   * @param x the array with the values
   * @param from index of the first value
   * @param count the number of values
   * @return the maximum of {@code |x[from, from + count)|}; 0 if {@code count} is 0
   */
  public static float of(float[] x, int from, int count) {
    float max = 0;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, Math.abs(x[i]));
    }
    return max;
  }

  /**
   * Returns the largest magnitude of values that an observer accepts.
   *
   * @throws IllegalArgumentException if there are no values, or one is infinite or NaN
   */
  static float ofBatch(String observer, float[] x, int from, int count) {
    float max = of(x, from, count);
    if (count < 1 || !Float.isFinite(max)) {
      throw new IllegalArgumentException(
          "%s: expected a batch of finite values, got %d values with absolute maximum %s"
              .formatted(observer, count, max));
    }
    return max;
  }

  /**
   * Returns the largest magnitude in each column of a matrix: one scale per output of a linear
   * layer, whose weight is {@code [in, out]}.
   *
   * @param matrix the matrix, {@code [rows, columns]}
   * @return the maxima, {@code [columns]}; a new array
   * @throws IllegalArgumentException if the tensor is not a matrix
   */
  public static float[] ofColumns(Tensor matrix) {
    requireMatrix("AbsMax.ofColumns", matrix);
    float[] max = new float[matrix.dimension(1)];
    ofColumns(matrix.toArray(), matrix.dimension(0), max, 0, max.length);
    return max;
  }

  /**
   * Finds the largest magnitudes in the columns {@code [from, to)} of a matrix, so that threads can
   * share the columns.
   *
   * @param matrix the matrix, {@code [rows, max.length]}, from index 0
   * @param rows the rows of the matrix
   * @param max receives the maxima at {@code [from, to)}
   * @param from the first column
   * @param to the column after the last
   */
  public static void ofColumns(float[] matrix, int rows, float[] max, int from, int to) {
    for (int column = from; column < to; column++) {
      max[column] = 0;
    }
    for (int row = 0; row < rows; row++) {
      for (int column = from; column < to; column++) {
        float magnitude = Math.abs(matrix[row * max.length + column]);
        // Rarely true, so cheaper than a maximum; once NaN, the maximum stays NaN.
        if (!(magnitude <= max[column])) {
          max[column] = Math.max(max[column], magnitude);
        }
      }
    }
  }

  static void requireMatrix(String operation, Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new IllegalArgumentException(
          "%s: expected a matrix, got shape %s".formatted(operation, tensor));
    }
  }
}

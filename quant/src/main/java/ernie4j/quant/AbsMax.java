package ernie4j.quant;

import ernie4j.engine.Tensor;

/** Absolute maxima, the scales of all quantizers here. NaN among the values gives NaN. */
public final class AbsMax {
  private AbsMax() {}

  /** The largest magnitude among {@code x[from, from + count)}; 0 if {@code count} is 0. */
  public static float of(float[] x, int from, int count) {
    float max = 0;
    for (int i = from; i < from + count; i++) {
      max = Math.max(max, Math.abs(x[i]));
    }
    return max;
  }

  /**
   * The largest magnitude in each column of a matrix: one scale per output of a linear layer, whose
   * weight is {@code [in, out]}.
   *
   * @throws IllegalArgumentException if the tensor is not a matrix
   */
  public static float[] ofColumns(Tensor matrix) {
    requireMatrix("AbsMax.ofColumns", matrix);
    int columns = matrix.dimension(1);
    float[] max = new float[columns];
    for (int row = 0, i = matrix.offset(); row < matrix.dimension(0); row++) {
      for (int column = 0; column < columns; column++, i++) {
        max[column] = Math.max(max[column], Math.abs(matrix.data()[i]));
      }
    }
    return max;
  }

  static void requireMatrix(String operation, Tensor tensor) {
    if (tensor.rank() != 2) {
      throw new IllegalArgumentException(
          "%s: expected a matrix, got shape %s".formatted(operation, tensor));
    }
  }
}

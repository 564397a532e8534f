package ernie4j.quant;

import ernie4j.engine.Tensor;

/**
 * The weight {@code [in, out]} of a linear layer as int8 codes with one scale per output column
 * (Paddle's {@code channel_wise_abs_max} with quant_axis 1). The real value of a code in column j
 * is {@code code * scale[j] / 127}.
 */
public final class QuantizedWeight {
  private final int rows;
  private final int columns;
  private final byte[] codes;
  private final float[] scales;

  /**
   * A weight from its parts; the arrays are shared, not copied.
   *
   * @param codes row-major, {@code rows * columns} of them
   * @param scales one per column
   * @throws IllegalArgumentException if the lengths do not fit or a scale is not a positive number
   */
  public QuantizedWeight(int rows, int columns, byte[] codes, float[] scales) {
    if (rows < 0 || columns < 0 || (long) rows * columns != codes.length) {
      throw new IllegalArgumentException(
          "QuantizedWeight: [%d, %d] does not fit %d codes".formatted(rows, columns, codes.length));
    }
    if (scales.length != columns) {
      throw new IllegalArgumentException(
          "QuantizedWeight: expected %d scales, got %d".formatted(columns, scales.length));
    }
    for (int column = 0; column < columns; column++) {
      if (!(scales[column] > 0) || Float.isInfinite(scales[column])) {
        throw new IllegalArgumentException(
            "QuantizedWeight: the scale of column %d must be a positive number, got %s (NaN or infinity in the weight?)"
                .formatted(column, scales[column]));
      }
    }
    this.rows = rows;
    this.columns = columns;
    this.codes = codes;
    this.scales = scales;
  }

  /**
   * Quantizes a weight as Paddle exports it: {@code code = roundHalfEven(w / scale * 127)} in
   * float32 and in this order, where the scale is the absolute maximum of the column, or 1e-8 if
   * that is zero. Codes lie in [-127, 127].
   *
   * @throws IllegalArgumentException if the weight is not a matrix or has NaN or infinity
   */
  public static QuantizedWeight of(Tensor weight) {
    float[] scales = AbsMax.ofColumns(weight);
    int columns = scales.length;
    for (int column = 0; column < columns; column++) {
      scales[column] = scales[column] == 0 ? AbsMax.ZERO_SCALE : scales[column];
    }
    byte[] codes = new byte[weight.size()];
    for (int row = 0, i = 0; row < weight.dimension(0); row++) {
      for (int column = 0; column < columns; column++, i++) {
        codes[i] = (byte) Math.rint(weight.get(i) / scales[column] * 127);
      }
    }
    return new QuantizedWeight(weight.dimension(0), columns, codes, scales);
  }

  /** The size of the input. */
  public int rows() {
    return rows;
  }

  /** The size of the output. */
  public int columns() {
    return columns;
  }

  /** The shared codes, row-major. */
  public byte[] codes() {
    return codes;
  }

  /** The shared scales, one per column. */
  public float[] scales() {
    return scales;
  }

  /** The floats that the codes stand for. */
  public Tensor dequantize() {
    float[] values = new float[codes.length];
    for (int row = 0, i = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++, i++) {
        values[i] = codes[i] * scales[column] / 127;
      }
    }
    return Tensor.of(values, rows, columns);
  }
}

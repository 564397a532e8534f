package ernie4j.quant;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.Tensor;

/**
 * The weight {@code [in, out]} of a linear layer in int8 with one scale per output column (Paddle's
 * {@code channel_wise_abs_max} with quant_axis 1). A code in column j stands for {@code code *
 * scale[j] / 127}.
 */
public final class ColumnQuantizer {
  private ColumnQuantizer() {}

  /**
   * Quantizes a weight as Paddle exports it: {@code code = roundHalfEven(w / scale * 127)} in
   * float32 and in this order. The scale is the absolute maximum of the column, or 1e-8 if that is
   * zero. Codes lie in [-127, 127].
   *
   * @param weight the weight, {@code [in, out]}; not changed
   * @return codes and scales of the same shape
   * @throws IllegalArgumentException if the weight is not a matrix or has NaN or infinity
   */
  public static Int8Weight quantize(Tensor weight) {
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
    return new Int8Weight(codes, Coding.COLUMN_SCALES, scales, weight.shape());
  }
}

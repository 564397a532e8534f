package ernie4j.quant;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.Tensor;

/**
 * An embedding table {@code [rows, width]} in int8 with one scale per row. A code in row r stands
 * for {@code code * (scale[r] / 127)}; a row of zeros has scale 0.
 *
 * <p>The reference has no such form: its abs-max variant has one scale for the whole table, where
 * one large value costs all rows their precision; its other variant is {@link LogQuantizer}.
 */
public final class RowQuantizer {
  private RowQuantizer() {}

  /**
   * Quantizes a table: {@code code = roundHalfEven(x / scale * 127)} in float32 and in this order,
   * where the scale is the absolute maximum of the row. Codes lie in [-127, 127].
   *
   * @param table the table, {@code [rows, width]}; not changed
   * @return codes and scales of the same shape
   * @throws IllegalArgumentException if the table is not a matrix or has NaN or infinity
   */
  public static Int8Weight quantize(Tensor table) {
    AbsMax.requireMatrix("RowQuantizer.quantize", table);
    int width = table.dimension(1);
    byte[] codes = new byte[table.size()];
    float[] scales = new float[table.dimension(0)];
    for (int row = 0, i = 0; row < scales.length; row++) {
      scales[row] = AbsMax.of(table.data(), table.offset() + row * width, width);
      float divisor = scales[row] == 0 ? 1 : scales[row];
      for (int end = i + width; i < end; i++) {
        codes[i] = (byte) Math.rint(table.get(i) / divisor * 127);
      }
    }
    return new Int8Weight(codes, Coding.ROW_SCALES, scales, table.shape());
  }
}

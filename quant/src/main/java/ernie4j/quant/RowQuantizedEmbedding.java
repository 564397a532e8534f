package ernie4j.quant;

import ernie4j.engine.Int8Tensor;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.EmbeddingTable;

/**
 * An embedding table {@code [rows, width]} as int8 codes with one scale per row. The real value of
 * a code in row r is {@code code * (scale[r] / 127)}; a row of zeros has scale 0.
 *
 * <p>The reference has no such form (its abs-max variant takes one scale for the whole table, where
 * one large value costs all rows their precision); its own is {@link LogQuantizedEmbedding}.
 */
public final class RowQuantizedEmbedding {
  private final int rows;
  private final int width;
  private final byte[] codes;
  private final float[] scales;
  private final EmbeddingTable table;

  /**
   * A table from its parts; the arrays are shared, not copied.
   *
   * @param codes row-major, {@code rows * width} of them
   * @param scales one per row
   * @throws IllegalArgumentException if the lengths do not fit or a scale is negative, infinite or
   *     NaN
   */
  public RowQuantizedEmbedding(int rows, int width, byte[] codes, float[] scales) {
    if (rows < 0 || width < 0 || (long) rows * width != codes.length) {
      throw new IllegalArgumentException(
          "RowQuantizedEmbedding: [%d, %d] does not fit %d codes"
              .formatted(rows, width, codes.length));
    }
    try {
      table = EmbeddingTable.rowScales(Int8Tensor.of(codes, rows, width), scales);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("RowQuantizedEmbedding: " + e.getMessage(), e);
    }
    this.rows = rows;
    this.width = width;
    this.codes = codes;
    this.scales = scales;
  }

  /**
   * Quantizes a table: {@code code = roundHalfEven(x / scale * 127)} in float32 and in this order,
   * where the scale is the absolute maximum of the row. Codes lie in [-127, 127].
   *
   * @throws IllegalArgumentException if the table is not a matrix or has NaN or infinity
   */
  public static RowQuantizedEmbedding of(Tensor table) {
    AbsMax.requireMatrix("RowQuantizedEmbedding.of", table);
    int rows = table.dimension(0);
    int width = table.dimension(1);
    byte[] codes = new byte[table.size()];
    float[] scales = new float[rows];
    for (int row = 0, i = 0; row < rows; row++) {
      scales[row] = AbsMax.of(table.data(), table.offset() + row * width, width);
      float divisor = scales[row] == 0 ? 1 : scales[row];
      for (int end = i + width; i < end; i++) {
        codes[i] = (byte) Math.rint(table.get(i) / divisor * 127);
      }
    }
    return new RowQuantizedEmbedding(rows, width, codes, scales);
  }

  /** The number of ids. */
  public int rows() {
    return rows;
  }

  /** The number of values of each row. */
  public int width() {
    return width;
  }

  /** The shared codes, row-major. */
  public byte[] codes() {
    return codes;
  }

  /** The shared scales, one per row. */
  public float[] scales() {
    return scales;
  }

  /**
   * Writes the floats of one row to {@code target[offset ...]}.
   *
   * @throws IndexOutOfBoundsException if there is no such row or no room for it
   */
  public void lookUp(int row, float[] target, int offset) {
    table.lookUp(row, target, offset);
  }

  /** The floats that the codes stand for. */
  public Tensor dequantize() {
    float[] values = new float[codes.length];
    for (int row = 0; row < rows; row++) {
      lookUp(row, values, row * width);
    }
    return Tensor.of(values, rows, width);
  }
}

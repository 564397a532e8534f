package ernie4j.quant;

import ernie4j.engine.Int8Tensor;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.EmbeddingTable;
import java.util.Arrays;

/**
 * An embedding table {@code [rows, width]} as a sign and an index into at most 128 magnitudes,
 * which are powers of two in steps of an eighth octave: PaddleSlim's embedding quantization of type
 * {@code log}. A code from 0 on means {@code dictionary[code]}, a negative one {@code
 * -dictionary[code + 128]}.
 *
 * <p>Within the 16 octaves below the largest magnitude the relative error is at most {@code
 * 2^(1/16) - 1}, 4.4 %; what is smaller becomes the smallest magnitude with its sign. Two habits of
 * the reference are kept, because its files depend on them:
 *
 * <ul>
 *   <li>A zero becomes the smallest magnitude, which is exactly 0 only if the table has a zero and
 *       fewer than 128 other levels (the level of zero, 2^-inf, is then one of them).
 *   <li>The reference quantizes before it zeroes the padding row, so there that row reads as the
 *       constant {@code dictionary[0]}. Here {@link #lookUp} only decodes; whoever wants zeros for
 *       the padding id does not look it up.
 * </ul>
 */
public final class LogQuantizedEmbedding {
  private static final int MAX_LEVELS = EmbeddingTable.MAX_MAGNITUDES;

  /** Levels per octave. */
  private static final int STEPS = 8;

  /** The level of zero, below all others. */
  private static final int LEVEL_OF_ZERO = Integer.MIN_VALUE;

  private final int rows;
  private final int width;
  private final byte[] codes;
  private final float[] dictionary;
  private final EmbeddingTable table;

  /**
   * A table from its parts; the arrays are shared, not copied.
   *
   * @param codes row-major, {@code rows * width} of them
   * @param dictionary the magnitudes, never descending, 1 to 128 of them (none for an empty table)
   * @throws IllegalArgumentException if the lengths do not fit, a code has no magnitude, or the
   *     magnitudes are not numbers from 0 on in ascending order
   */
  public LogQuantizedEmbedding(int rows, int width, byte[] codes, float[] dictionary) {
    if (rows < 0 || width < 0 || (long) rows * width != codes.length) {
      throw new IllegalArgumentException(
          "LogQuantizedEmbedding: [%d, %d] does not fit %d codes"
              .formatted(rows, width, codes.length));
    }
    try {
      table = EmbeddingTable.dictionary(Int8Tensor.of(codes, rows, width), dictionary);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("LogQuantizedEmbedding: " + e.getMessage(), e);
    }
    this.rows = rows;
    this.width = width;
    this.codes = codes;
    this.dictionary = dictionary;
  }

  /**
   * Quantizes a table. Levels are {@code roundHalfEven(8 * log2|x|)}; the dictionary holds the 128
   * largest that occur.
   *
   * @throws IllegalArgumentException if the table is not a matrix, or has NaN, infinity or a value
   *     that would round to 2^128
   */
  public static LogQuantizedEmbedding of(Tensor table) {
    AbsMax.requireMatrix("LogQuantizedEmbedding.of", table);
    if (!Float.isFinite(AbsMax.of(table.data(), table.offset(), table.size()))) {
      throw new IllegalArgumentException(
          "LogQuantizedEmbedding: table %s has NaN or infinity".formatted(table));
    }
    int[] level = new int[table.size()];
    Arrays.setAll(level, i -> level(table.get(i)));
    int[] all = Arrays.stream(level).distinct().sorted().toArray();
    int[] kept = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_LEVELS), all.length);

    byte[] codes = new byte[level.length];
    for (int i = 0; i < codes.length; i++) {
      // Every level is either in the dictionary or below it: searching the nearest is not needed.
      int index = Math.max(0, Arrays.binarySearch(kept, level[i]));
      codes[i] = (byte) (table.get(i) < 0 ? index - MAX_LEVELS : index);
    }
    float[] dictionary = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      dictionary[i] = magnitude(kept[i]);
    }
    return new LogQuantizedEmbedding(table.dimension(0), table.dimension(1), codes, dictionary);
  }

  /** Ties cannot occur: the 16th roots of odd powers of two are irrational, no float equals one. */
  private static int level(float x) {
    return x == 0
        ? LEVEL_OF_ZERO
        : (int) Math.rint(STEPS * (StrictMath.log(Math.abs(x)) / StrictMath.log(2)));
  }

  private static float magnitude(int level) {
    return level == LEVEL_OF_ZERO ? 0 : (float) StrictMath.pow(2, level / (double) STEPS);
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

  /** The shared magnitudes, ascending. */
  public float[] dictionary() {
    return dictionary;
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

package ernie4j.quant;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.Tensor;
import java.util.Arrays;

/**
 * An embedding table {@code [rows, width]} as a sign and an index into at most 128 magnitudes,
 * which are powers of two in steps of an eighth octave: PaddleSlim's embedding quantization of type
 * {@code log}. A code {@code >= 0} stands for {@code dictionary[code]}, a negative one for {@code
 * -dictionary[code + 128]}.
 *
 * <p>Within the 16 octaves below the largest magnitude the relative error is at most {@code
 * 2^(1/16) - 1}, 4.4 %. Smaller values become the smallest magnitude with their sign. Two habits of
 * the reference are kept, because its files depend on them:
 *
 * <ul>
 *   <li>A zero becomes the smallest magnitude, which is exactly 0 only if the table has a zero and
 *       fewer than 128 other levels (the level of zero, 2^-inf, is then one of them).
 *   <li>The reference quantizes before it zeroes the padding row, so in its files that row reads as
 *       the constant {@code dictionary[0]}. The same is true here; a caller that wants zeros for
 *       the padding id must not look it up.
 * </ul>
 */
public final class LogQuantizer {
  private static final int MAX_LEVELS = Int8Weight.MAX_MAGNITUDES;

  /** Levels per octave. */
  private static final int STEPS = 8;

  /** The level of zero, below all others. */
  private static final int LEVEL_OF_ZERO = Integer.MIN_VALUE;

  private LogQuantizer() {}

  /**
   * Quantizes a table. Levels are {@code roundHalfEven(8 * log2|x|)}; the dictionary holds the 128
   * largest that occur.
   *
   * @param table the table, {@code [rows, width]}; not changed
   * @return codes and dictionary of the same shape
   * @throws IllegalArgumentException if the table is not a matrix, or has NaN, infinity or a value
   *     that would round to 2^128
   */
  public static Int8Weight quantize(Tensor table) {
    AbsMax.requireMatrix("LogQuantizer.quantize", table);
    if (!Float.isFinite(AbsMax.of(table.data(), table.offset(), table.size()))) {
      throw new IllegalArgumentException(
          "LogQuantizer: table %s has NaN or infinity".formatted(table));
    }
    int[] level = new int[table.size()];
    Arrays.setAll(level, i -> level(table.get(i)));
    int[] all = Arrays.stream(level).distinct().sorted().toArray();
    int[] kept = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_LEVELS), all.length);

    byte[] codes = new byte[level.length];
    for (int i = 0; i < codes.length; i++) {
      // Every level is in the dictionary or below it, so no search for the nearest is needed.
      int index = Math.max(0, Arrays.binarySearch(kept, level[i]));
      codes[i] = (byte) (table.get(i) < 0 ? index - MAX_LEVELS : index);
    }
    float[] dictionary = new float[kept.length];
    for (int i = 0; i < kept.length; i++) {
      dictionary[i] = magnitude(kept[i]);
    }
    return new Int8Weight(codes, Coding.DICTIONARY, dictionary, table.shape());
  }

  /** Ties cannot occur: 16th roots of odd powers of two are irrational, so no float equals one. */
  private static int level(float x) {
    return x == 0
        ? LEVEL_OF_ZERO
        : (int) Math.rint(STEPS * (StrictMath.log(Math.abs(x)) / StrictMath.log(2)));
  }

  private static float magnitude(int level) {
    return level == LEVEL_OF_ZERO ? 0 : (float) StrictMath.pow(2, level / (double) STEPS);
  }
}

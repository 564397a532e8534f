package ernie4j.engine;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * A matrix of int8 codes with the values that they stand for: the weight {@code [in, out]} of a
 * linear layer or an embedding table {@code [rows, hidden]}. Arrays are shared, not copied.
 */
public final class Int8Weight implements Weight {
  /** The largest number of magnitudes of a dictionary. */
  public static final int MAX_MAGNITUDES = 128;

  /** The ways to decode codes. */
  public enum Coding {
    /** Linear layers: {@code code * scale / 127} with one scale per column. */
    COLUMN_SCALES,
    /** Tables: {@code code * (scale / 127)} with one scale per row. */
    ROW_SCALES,
    /**
     * Tables: a code {@code >= 0} is {@code dictionary[code]}, a negative one {@code
     * -dictionary[code + 128]}.
     */
    DICTIONARY;

    /**
     * Determines the coding of a parameter in a file.
     *
     * @param weight the name of the parameter
     * @param exists tells whether the file has a parameter of a name
     * @return the coding of its codes
     */
    public static Coding of(String weight, Predicate<String> exists) {
      if (!ParameterNames.TABLES.contains(weight)) {
        return COLUMN_SCALES;
      }
      return exists.test(DICTIONARY.companion(weight)) ? DICTIONARY : ROW_SCALES;
    }

    /**
     * Returns the name under which a file stores the scales or the dictionary.
     *
     * @param weight the name of the codes, {@code X.weight}
     * @return {@code X.weight_dictionary} for a dictionary, otherwise {@code X.weight_scale}
     */
    public String companion(String weight) {
      String module = ParameterNames.module(weight);
      return this == DICTIONARY
          ? ParameterNames.weightDictionary(module)
          : ParameterNames.weightScale(module);
    }
  }

  private final int rows;
  private final int columns;
  private final byte[] codes;
  private final Coding coding;

  /** Scales or dictionary. */
  private final float[] worth;

  /** The value of each code, from -128 on; empty without a dictionary. */
  private final float[] decoded;

  /**
   * Makes a weight of its parts.
   *
   * @param codes the codes, row-major; shared, not copied
   * @param coding how to decode the codes
   * @param worth the scales, or the dictionary: at most 128 magnitudes that never descend; shared,
   *     not copied
   * @param shape {@code [rows, columns]}
   * @throws IllegalArgumentException if the shape is no matrix or does not fit the codes, there is
   *     not one scale per column or row, a scale or magnitude is negative, infinite or NaN,
   *     magnitudes descend, or a code has no magnitude
   */
  public Int8Weight(byte[] codes, Coding coding, float[] worth, int... shape) {
    if (shape.length != 2 || Tensor.elementCount(shape) != codes.length) {
      throw new IllegalArgumentException(
          String.format(
              "expected a matrix of %d codes, got shape %s", codes.length, Arrays.toString(shape)));
    }
    this.rows = shape[0];
    this.columns = shape[1];
    this.codes = codes;
    this.coding = coding;
    this.worth = worth;
    switch (coding) {
      case COLUMN_SCALES -> requireScales("column", columns);
      case ROW_SCALES -> requireScales("row", rows);
      case DICTIONARY -> requireDictionary();
    }
    decoded = coding == Coding.DICTIONARY ? decoded(worth) : new float[0];
  }

  private void requireScales(String what, int count) {
    if (worth.length != count) {
      throw new IllegalArgumentException(
          String.format("expected %d scales, one per %s, got %d", count, what, worth.length));
    }
    for (int i = 0; i < count; i++) {
      if (!(worth[i] >= 0 && worth[i] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            String.format(
                "the scale of %s %d must be a number from 0 on, got %s (NaN or infinity in the weight?)",
                what, i, worth[i]));
      }
    }
  }

  private void requireDictionary() {
    if (worth.length > MAX_MAGNITUDES) {
      throw new IllegalArgumentException(
          String.format("expected at most %d magnitudes, got %d", MAX_MAGNITUDES, worth.length));
    }
    for (int i = 0; i < worth.length; i++) {
      // Not strictly ascending: far below 2^-126 neighboring levels are the same denormal float.
      float least = i == 0 ? 0 : worth[i - 1];
      if (!(worth[i] >= least && worth[i] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            String.format(
                "magnitude %d of the dictionary is %s, they must be ascending numbers from 0 on",
                i, worth[i]));
      }
    }
    for (byte code : codes) {
      if ((code & 127) >= worth.length) {
        throw new IllegalArgumentException(
            String.format("code %d has no magnitude in a dictionary of %d", code, worth.length));
      }
    }
  }

  private static float[] decoded(float[] dictionary) {
    // Negative codes first, so that a look-up needs no branch.
    float[] values = new float[2 * MAX_MAGNITUDES];
    for (int i = 0; i < dictionary.length; i++) {
      values[i] = -dictionary[i];
      values[MAX_MAGNITUDES + i] = dictionary[i];
    }
    return values;
  }

  @Override
  public WeightType type() {
    return WeightType.INT8;
  }

  @Override
  public int[] shape() {
    return new int[] {rows, columns};
  }

  @Override
  public Int8Weight inMemory() {
    return this;
  }

  /** {@return how the codes are decoded} */
  public Coding coding() {
    return coding;
  }

  /** {@return the shared codes, row-major} */
  public byte[] codes() {
    return codes;
  }

  /**
   * Returns the shared scales.
   *
   * @return one scale for each column or row
   * @throws IllegalStateException if there is a dictionary instead
   */
  public float[] scales() {
    return worth(coding != Coding.DICTIONARY);
  }

  /**
   * Returns the shared magnitudes of the dictionary.
   *
   * @return at most 128 magnitudes, ascending
   * @throws IllegalStateException if there are scales instead
   */
  public float[] dictionary() {
    return worth(coding == Coding.DICTIONARY);
  }

  private float[] worth(boolean there) {
    if (!there) {
      throw new IllegalStateException("Int8Weight: the codes have " + coding);
    }
    return worth;
  }

  /**
   * {@return scales or dictionary, [n], as a file stores them beside the codes ({@link
   * Coding#companion}); the array is shared}
   */
  public Tensor companion() {
    return Tensor.of(worth, worth.length);
  }

  /**
   * Adds a decoded row: {@code target[offset ...] += row}. The arguments are not checked.
   *
   * @param row index of the row
   * @param target the array to add to
   * @param offset index in {@code target} of the first column
   */
  public void addRow(int row, float[] target, int offset) {
    int from = row * columns;
    switch (coding) {
      case COLUMN_SCALES -> {
        for (int j = 0; j < columns; j++) {
          target[offset + j] += codes[from + j] * worth[j] / 127;
        }
      }
      case ROW_SCALES -> {
        float step = worth[row] / 127;
        for (int j = 0; j < columns; j++) {
          target[offset + j] += codes[from + j] * step;
        }
      }
      case DICTIONARY -> {
        for (int j = 0; j < columns; j++) {
          target[offset + j] += decoded[MAX_MAGNITUDES + codes[from + j]];
        }
      }
    }
  }

  /** {@return the floats that the codes stand for, [rows, columns]; a new tensor} */
  public Tensor dequantize() {
    Tensor values = Tensor.zeros(rows, columns);
    for (int row = 0; row < rows; row++) {
      addRow(row, values.data(), row * columns);
    }
    return values;
  }

  /** {@return the shape, for example {@code [312, 1248]}} */
  @Override
  public String toString() {
    return Arrays.toString(shape());
  }
}

package ernie4j.engine.encoder;

import ernie4j.engine.Int8Tensor;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * An embedding table {@code [rows, width]} in the form in which the model has it: floats, int8
 * codes with a scale for each row, or int8 codes into a dictionary of magnitudes (see {@link
 * ParameterNames}). Rows are decoded when they are looked up; the table is never expanded.
 */
public final class EmbeddingTable {
  /** The most magnitudes of a dictionary. */
  public static final int MAX_MAGNITUDES = 128;

  private final int rows;
  private final int width;
  private final Form form;

  /** Adds a row to a stretch of an array. */
  private interface Form {
    void add(int row, float[] target, int offset);
  }

  private EmbeddingTable(int rows, int width, Form form) {
    this.rows = rows;
    this.width = width;
    this.form = form;
  }

  /**
   * The table {@code name.weight} of a model, which must have that shape.
   *
   * @throws IllegalArgumentException if a parameter is missing or does not fit
   */
  static EmbeddingTable of(ParameterSource parameters, String weight, int rows, int width) {
    if (!parameters.isInt8(weight)) {
      return floats(parameters.get(weight, rows, width));
    }
    if (!Arrays.equals(parameters.shape(weight), new int[] {rows, width})) {
      throw new IllegalArgumentException(
          "Parameter '%s': expected shape [%d, %d], got %s"
              .formatted(weight, rows, width, Arrays.toString(parameters.shape(weight))));
    }
    String name = weight.substring(0, weight.length() - ".weight".length());
    String dictionary = ParameterNames.weightDictionary(name);
    Int8Tensor codes = parameters.getCodes(weight);
    try {
      return parameters.contains(dictionary)
          ? dictionary(codes, parameters.get(dictionary).toArray())
          : rowScales(codes, parameters.get(ParameterNames.weightScale(name), rows).toArray());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Parameter '%s': %s".formatted(weight, e.getMessage()), e);
    }
  }

  private static EmbeddingTable floats(Tensor table) {
    float[] values = table.data();
    int width = table.dimension(1);
    return new EmbeddingTable(
        table.dimension(0),
        width,
        (row, target, offset) -> {
          int from = table.offset() + row * width;
          for (int j = 0; j < width; j++) {
            target[offset + j] += values[from + j];
          }
        });
  }

  /**
   * Codes with a scale for each row: {@code code * (scale / 127)}. The arrays are shared.
   *
   * @throws IllegalArgumentException if the codes are no matrix, there is not one scale a row, or
   *     one is negative, infinite or NaN
   */
  public static EmbeddingTable rowScales(Int8Tensor table, float[] scales) {
    int[] shape = matrix(table);
    if (scales.length != shape[0]) {
      throw new IllegalArgumentException(
          "expected %d scales, one a row, got %d".formatted(shape[0], scales.length));
    }
    for (int row = 0; row < scales.length; row++) {
      if (!(scales[row] >= 0 && scales[row] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "the scale of row %d must be a number from 0 on, got %s (NaN or infinity in the table?)"
                .formatted(row, scales[row]));
      }
    }
    byte[] codes = table.codes();
    int width = shape[1];
    return new EmbeddingTable(
        shape[0],
        width,
        (row, target, offset) -> {
          int from = row * width;
          float step = scales[row] / 127;
          for (int j = 0; j < width; j++) {
            target[offset + j] += codes[from + j] * step;
          }
        });
  }

  /**
   * Codes into a dictionary: a code from 0 on is {@code dictionary[code]}, a negative one {@code
   * -dictionary[code + 128]}.
   *
   * @param dictionary the magnitudes, never descending
   * @throws IllegalArgumentException if the codes are no matrix, there are more than 128
   *     magnitudes, they are not ascending numbers from 0 on, or a code has none
   */
  public static EmbeddingTable dictionary(Int8Tensor table, float[] dictionary) {
    int[] shape = matrix(table);
    if (dictionary.length > MAX_MAGNITUDES) {
      throw new IllegalArgumentException(
          "expected at most %d magnitudes, got %d".formatted(MAX_MAGNITUDES, dictionary.length));
    }
    for (int i = 0; i < dictionary.length; i++) {
      // Not strictly ascending: far below 2^-126 neighbouring levels are the same denormal float.
      float least = i == 0 ? 0 : dictionary[i - 1];
      if (!(dictionary[i] >= least && dictionary[i] <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "magnitude %d of the dictionary is %s, they must be ascending numbers from 0 on"
                .formatted(i, dictionary[i]));
      }
    }
    for (byte code : table.codes()) {
      if ((code & 127) >= dictionary.length) {
        throw new IllegalArgumentException(
            "code %d has no magnitude in a dictionary of %d".formatted(code, dictionary.length));
      }
    }
    return new EmbeddingTable(shape[0], shape[1], decoder(table.codes(), shape[1], dictionary));
  }

  private static Form decoder(byte[] codes, int width, float[] dictionary) {
    // Negative codes first, so that one look-up does without a branch.
    float[] values = new float[2 * MAX_MAGNITUDES];
    for (int i = 0; i < dictionary.length; i++) {
      values[i] = -dictionary[i];
      values[MAX_MAGNITUDES + i] = dictionary[i];
    }
    return (row, target, offset) -> {
      int from = row * width;
      for (int j = 0; j < width; j++) {
        target[offset + j] += values[MAX_MAGNITUDES + codes[from + j]];
      }
    };
  }

  private static int[] matrix(Int8Tensor table) {
    int[] shape = table.shape();
    if (shape.length != 2) {
      throw new IllegalArgumentException(
          "expected a table [rows, width], got shape " + Arrays.toString(shape));
    }
    return shape;
  }

  /** The number of ids. */
  public int rows() {
    return rows;
  }

  /** The number of values of each row. */
  public int width() {
    return width;
  }

  /** {@code target[offset ...] += row}; the arguments are the caller's responsibility. */
  void add(int row, float[] target, int offset) {
    form.add(row, target, offset);
  }

  /**
   * Writes a row to {@code target[offset ...]}.
   *
   * @throws IndexOutOfBoundsException if there is no such row or no room for it
   */
  public void lookUp(int row, float[] target, int offset) {
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(offset, width, target.length);
    Arrays.fill(target, offset, offset + width, 0f);
    form.add(row, target, offset);
  }
}

package ernie4j.engine.encoder;

import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.Weight;
import ernie4j.engine.kernels.Bfloat16;

/**
 * An embedding table {@code [rows, width]} in the form that it has in the model. Rows of int8 codes
 * are decoded when they are looked up; the table is never expanded.
 */
@FunctionalInterface
interface EmbeddingTable {
  /** {@code target[offset ...] += row}; the arguments are not checked. */
  void add(int row, float[] target, int offset);

  /**
   * The table {@code name.weight} of a model, which must have that shape.
   *
   * @throws IllegalArgumentException if a parameter is missing or does not fit
   */
  static EmbeddingTable of(ParameterSource parameters, String name, int rows, int width) {
    parameters.requireShape(name, rows, width);
    Weight weight = parameters.weight(name).inMemory();
    if (weight instanceof Tensor tensor) {
      return floats(tensor, width);
    }
    if (weight instanceof Bfloat16Weight numbers) {
      return bfloats(numbers.values(), width);
    }
    if (weight instanceof Int8Weight codes && codes.coding() != Coding.COLUMN_SCALES) {
      return codes::addRow;
    }
    throw new IllegalArgumentException(
        String.format(
            "Parameter '%s': expected a table of floats or of codes with %s or %s, got %s codes with a scale for each column",
            name, Coding.ROW_SCALES, Coding.DICTIONARY, weight.type()));
  }

  private static EmbeddingTable floats(Tensor table, int width) {
    float[] values = table.data();
    return (row, target, offset) -> {
      int from = table.offset() + row * width;
      for (int j = 0; j < width; j++) {
        target[offset + j] += values[from + j];
      }
    };
  }

  private static EmbeddingTable bfloats(short[] values, int width) {
    return (row, target, offset) -> {
      int from = row * width;
      for (int j = 0; j < width; j++) {
        target[offset + j] += Bfloat16.widen(values[from + j]);
      }
    };
  }
}

package ernie4j.zoo.onnx;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterSource;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/**
 * Look-ups in embedding tables. Quantized tables stay in int8: rows are decoded after the look-up,
 * with the engine's own arithmetic, so the values are the same to the bit.
 */
record StandardEmbedding(OnnxModel model, ParameterSource parameters, StandardLinear linear) {

  /** The rows {@code [..., width]} of a table {@code X.weight} for ids {@code [...]}. */
  String lookUp(String weight, String ids) {
    if (!(parameters.weight(weight).inMemory() instanceof Int8Weight table)) {
      return gather(model.constant(weight, parameters.get(weight)), ids);
    }
    String codes = gather(model.codes(weight, table), ids);
    String beside = model.constant(table.coding().companion(weight), table.companion());
    return table.coding() == Int8Weight.Coding.DICTIONARY
        ? fromDictionary(beside, table.dictionary().length, codes)
        : scaled(beside, codes, ids);
  }

  private String gather(String table, String indices) {
    return model.node("Gather", List.of(table, indices));
  }

  private String scaled(String scales, String codes, String ids) {
    String scale = gather(scales, ids);
    String column = model.node("Unsqueeze", List.of(scale, model.integers("last_axis", -1)));
    return model.node("Mul", List.of(cast(codes, ElementType.FLOAT32), linear.step(column)));
  }

  /**
   * Codes are indices as they are: Gather counts negative ones from the end. The negative
   * magnitudes follow the positive ones, padded so that -128 selects the first of them.
   */
  private String fromDictionary(String magnitudes, int count, String codes) {
    String negative = model.node("Neg", List.of(magnitudes));
    int missing = Int8Weight.MAX_MAGNITUDES - count;
    List<String> parts =
        missing == 0
            ? List.of(magnitudes, negative)
            : List.of(magnitudes, negative, zeros(missing));
    String values = model.node("Concat", parts, new Attribute("axis", 0));
    return gather(values, cast(codes, ElementType.INT32));
  }

  private String zeros(int count) {
    return model.node("ConstantOfShape", List.of(model.integers("zeros_" + count, count)));
  }

  private String cast(String value, ElementType type) {
    return model.node("Cast", List.of(value), new Attribute("to", OnnxTypes.number(type)));
  }

  /** Whether a row of a table holds zeros only. */
  boolean isZeroRow(String weight, int row) {
    int[] shape = parameters.shape(weight);
    if (row >= shape[0]) {
      return true;
    }
    if (parameters.isInt8(weight)) {
      return false;
    }
    float[] values = new float[shape[1]];
    parameters.weight(weight).read(row * shape[1], shape[1], values, 0);
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}

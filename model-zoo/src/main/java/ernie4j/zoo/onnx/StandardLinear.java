package ernie4j.zoo.onnx;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear layers in standard operations, with float or int8 weights.
 *
 * <p>A layer with an input scale is written as QuantizeLinear and DequantizeLinear around a product
 * of floats, which runtimes turn into a product of codes. A layer without one is written step by
 * step: the maximum of every token, its codes, MatMulInteger. Both compute what the engine does, up
 * to the order of float operations.
 */
final class StandardLinear {
  private static final int FLOAT = OnnxTypes.number(ElementType.FLOAT32);
  private static final int INT8 = OnnxTypes.number(ElementType.INT8);

  private final OnnxModel model;
  private final ParameterSource parameters;

  /** The codes of inputs that were quantized token by token: query, key and value share one. */
  private final Map<String, Codes> quantized = new HashMap<>();

  /**
   * An input in codes.
   *
   * @param codes int8, as the input
   * @param steps the value of one code step of each token, {@code [..., 1]}
   */
  private record Codes(String codes, String steps) {}

  StandardLinear(OnnxModel model, ParameterSource parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /** {@code input W + b}. */
  String apply(String layer, String input) {
    String bias = floats(layer + ".bias");
    return model.node("Add", List.of(product(layer, input), bias));
  }

  private String product(String layer, String input) {
    String weight = layer + ".weight";
    if (!(parameters.weight(weight).inMemory() instanceof Int8Weight codes)) {
      return model.node("MatMul", List.of(input, floats(weight)));
    }
    model.codes(weight, codes);
    String weightStep = step(model.constant(ParameterNames.weightScale(layer), codes.companion()));
    String scale = ParameterNames.inputScale(layer);
    return parameters.contains(scale)
        ? staticProduct(layer, weightStep, input, parameters.get(scale, 1).get(0))
        : dynamicProduct(layer, weightStep, input);
  }

  private String staticProduct(String layer, String weightStep, String input, float inputScale) {
    String step = step(model.scalar(ParameterNames.inputScale(layer), inputScale));
    String zero = model.int8("zero_point", new byte[1]);
    String codes = model.node("QuantizeLinear", List.of(input, step, zero));
    String rounded = model.node("DequantizeLinear", List.of(codes, step, zero));
    String weight =
        model.node(
            "DequantizeLinear", List.of(layer + ".weight", weightStep), new Attribute("axis", 1));
    return model.node("MatMul", List.of(rounded, weight));
  }

  private String dynamicProduct(String layer, String weightStep, String input) {
    Codes codes = quantized.computeIfAbsent(input, this::quantize);
    String sums = model.node("MatMulInteger", List.of(codes.codes, layer + ".weight"));
    String floats = model.node("Cast", List.of(sums), new Attribute("to", FLOAT));
    // Multiplied one after the other: ONNX Runtime 1.22 fuses a product of both scales into
    // MatMulIntegerToFloat, which takes the first token's scale for all.
    String ofTokens = model.node("Mul", List.of(floats, codes.steps));
    return model.node("Mul", List.of(ofTokens, weightStep));
  }

  /** {@code round(127 x / max |x|)} of every token. */
  private Codes quantize(String input) {
    String magnitudes = model.node("Abs", List.of(input));
    String largest =
        model.node("ReduceMax", List.of(magnitudes), new Attribute("axes", new int[] {-1}));
    // A token of zeros has codes of zero, not 0 / 0.
    String scale =
        model.node("Max", List.of(largest, model.scalar("least_scale", Float.MIN_NORMAL)));
    String scaled = model.node("Mul", List.of(input, codesOfOne()));
    String codes = model.node("Round", List.of(model.node("Div", List.of(scaled, scale))));
    return new Codes(model.node("Cast", List.of(codes), new Attribute("to", INT8)), step(scale));
  }

  /** A scale divided by 127, in the graph, so that the file keeps the scale to the bit. */
  String step(String scale) {
    return model.node("Div", List.of(scale, codesOfOne()));
  }

  private String codesOfOne() {
    return model.scalar("codes_of_one", 127f);
  }

  private String floats(String name) {
    return model.constant(name, parameters.get(name));
  }
}

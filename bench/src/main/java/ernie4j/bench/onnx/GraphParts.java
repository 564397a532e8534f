package ernie4j.bench.onnx;

import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.zoo.onnx.OnnxModel;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/**
 * What the fused graph of an encoder is written with.
 *
 * @param model the graph under construction
 * @param config the shape of the encoder
 * @param parameters its weights
 * @param products how the graph multiplies by the weights of linear layers
 */
record GraphParts(
    OnnxModel model, EncoderConfig config, ParameterSource parameters, WeightProducts products) {

  private static final String MICROSOFT = "com.microsoft";

  /** One of ONNX Runtime's own operations. */
  String microsoft(String operation, List<String> inputs, Attribute... attributes) {
    return microsoft(1, operation, inputs, attributes).get(0);
  }

  /** One of ONNX Runtime's own operations with several outputs. */
  List<String> microsoft(
      int outputs, String operation, List<String> inputs, Attribute... attributes) {
    return model.node(MICROSOFT, outputs, operation, inputs, attributes);
  }

  /** A parameter as an initializer of the same name; each is used once. */
  String parameter(String name) {
    return model.constant(name, parameters.get(name));
  }

  /** The product of a linear layer, without its bias. */
  String product(String module, String input) {
    String weight = module + ".weight";
    return products.product(this, weight, parameters.get(weight), input);
  }

  /** A linear layer. */
  String linear(String module, String input) {
    return add(product(module, input), parameter(module + ".bias"));
  }

  String add(String a, String b) {
    return model.node("Add", List.of(a, b));
  }

  String toInt32(String value) {
    return model.node("Cast", List.of(value), new Attribute("to", 6));
  }

  Attribute epsilon() {
    return new Attribute("epsilon", config.layerNormEpsilon());
  }

  /** The tables of which every token gets row 0. */
  List<String> typeTables() {
    return config.taskTypes() > 0
        ? List.of(TOKEN_TYPE_EMBEDDINGS, TASK_TYPE_EMBEDDINGS)
        : List.of(TOKEN_TYPE_EMBEDDINGS);
  }

  /** Matrices of as many rows, or vectors, side by side. */
  static Tensor joinColumns(List<Tensor> parts) {
    boolean vectors = parts.get(0).rank() == 1;
    int rows = vectors ? 1 : parts.get(0).dimension(0);
    int width = parts.stream().mapToInt(Tensor::size).sum() / rows;
    Tensor joined = vectors ? Tensor.zeros(width) : Tensor.zeros(rows, width);
    int column = 0;
    for (Tensor part : parts) {
      int count = part.size() / rows;
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            part.data(), part.offset() + row * count, joined.data(), row * width + column, count);
      }
      column += count;
    }
    return joined;
  }
}

package ernie4j.bench.onnx;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import ernie4j.quant.ColumnQuantizer;
import ernie4j.zoo.onnx.OnnxModel;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/** How a graph multiplies by the weights of linear layers: the one place that quantizes. */
enum WeightProducts {
  /** In float32. */
  FLOAT {
    @Override
    String product(GraphParts graph, String name, Tensor weight, String input) {
      OnnxModel model = graph.model();
      return model.node("MatMul", List.of(input, model.constant(name, weight)));
    }

    /**
     * ONNX Runtime's Attention multiplies head by head, which is slower than three whole products
     * when a head is not a multiple of its kernel's 16 columns (3 % of a forward pass with heads of
     * 26).
     */
    @Override
    boolean attentionIsFast(int headSize) {
      return headSize % 16 == 0;
    }

    @Override
    String attention(
        GraphParts graph, String name, Tensor weight, String input, Attention attention) {
      return graph.microsoft(
          "Attention",
          List.of(input, graph.model().constant(name, weight), attention.bias, attention.mask),
          attention.heads);
    }
  },
  /**
   * In int8: the weight by this project's own rule with a scale for every column, the input in
   * uint8 with a scale and a zero point for the whole tensor, computed in every call.
   */
  INT8 {
    @Override
    String product(GraphParts graph, String name, Tensor weight, String input) {
      Codes codes = Codes.of(graph.model(), name, weight);
      return graph.microsoft("DynamicQuantizeMatMul", List.of(input, codes.codes, codes.steps));
    }

    /**
     * QAttention saves 4 % of a forward pass of 7 or 16 tokens compared with products outside,
     * whether three or one, and is not slower at 128; heads of 26 make no difference here.
     */
    @Override
    boolean attentionIsFast(int headSize) {
      return true;
    }

    @Override
    String attention(
        GraphParts graph, String name, Tensor weight, String input, Attention attention) {
      OnnxModel model = graph.model();
      Codes codes = Codes.of(model, name, weight);
      List<String> quantized = model.node("", 3, "DynamicQuantizeLinear", List.of(input));
      String zeroPoint = quantized.get(2);
      return graph.microsoft(
          "QAttention",
          List.of(
              quantized.get(0),
              codes.codes,
              attention.bias,
              quantized.get(1),
              codes.steps,
              attention.mask,
              zeroPoint),
          attention.heads);
    }
  };

  /**
   * What attention needs besides its input and its weight.
   *
   * @param bias of query, key and value {@code [3 x hidden]}
   * @param mask as int32, or the empty name
   * @param heads the attribute with their number
   */
  record Attention(String bias, String mask, Attribute heads) {}

  /** The names of a quantized weight's two initializers. */
  private record Codes(String codes, String steps) {
    static Codes of(OnnxModel model, String name, Tensor weight) {
      Int8Weight quantized = ColumnQuantizer.quantize(weight);
      Tensor steps = quantized.companion().copy();
      for (int j = 0; j < steps.size(); j++) {
        steps.data()[j] /= 127;
      }
      return new Codes(model.codes(name, quantized), model.constant(name + ".steps", steps));
    }
  }

  /**
   * {@code input W}.
   *
   * @param name of the initializer
   * @param weight W {@code [in, out]}
   * @param input a value {@code [..., in]}
   */
  abstract String product(GraphParts graph, String name, Tensor weight, String input);

  /** Whether {@link #attention} is faster than three products and MultiHeadAttention. */
  abstract boolean attentionIsFast(int headSize);

  /**
   * Attention with the products for query, key and value in the same operation.
   *
   * @param name of the initializer
   * @param weight their weights side by side {@code [hidden, 3 x hidden]}
   */
  abstract String attention(
      GraphParts graph, String name, Tensor weight, String input, Attention attention);
}

package ernie4j.bench.onnx;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;
import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.Tensor;
import ernie4j.zoo.onnx.OnnxModel;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/**
 * ONNX Runtime's own operations.
 *
 * @param mask the attention mask as int32, or the empty name of an input that is left out
 */
record FusedForm(GraphParts parts, String mask) {
  /** What the initializers of query, key and value together are called. */
  private static final String QKV = ParameterNames.LAYERS + "%d.self_attn.qkv.%s";

  /** The embeddings {@code [batch, length, hidden]} of ids {@code [batch, length]}. */
  String embeddings(String ids) {
    String ids32 = parts.toInt32(ids);
    String positions = parts.model().constant(POSITION_EMBEDDINGS, positionsWithTypes());
    // The operation insists on a second output, which is not used.
    return parts
        .microsoft(
            2,
            "EmbedLayerNormalization",
            List.of(
                ids32,
                "",
                parts.parameter(WORD_EMBEDDINGS),
                positions,
                "",
                parts.parameter(EMBEDDINGS_NORM + ".weight"),
                parts.parameter(EMBEDDINGS_NORM + ".bias")),
            parts.epsilon())
        .get(0);
  }

  /** With token type 0 everywhere its row is part of every position's. */
  private Tensor positionsWithTypes() {
    int hidden = parts.config().hiddenSize();
    Tensor sum = parts.parameters().get(POSITION_EMBEDDINGS).copy();
    for (String table : parts.typeTables()) {
      Tensor types = parts.parameters().get(table);
      for (int i = 0; i < sum.size(); i++) {
        sum.data()[i] += types.get(i % hidden);
      }
    }
    return sum;
  }

  /** Layer i of the encoder. */
  String layer(int i, String input) {
    String attention = attention(i, input);
    String middle = skipNorm(ATTENTION_NORM.module(i), OUTPUT.module(i), attention, input);
    String linear1 = EXPAND.module(i);
    String wide =
        parts.microsoft(
            "BiasGelu",
            List.of(parts.product(linear1, middle), parts.parameter(linear1 + ".bias")));
    return skipNorm(OUTPUT_NORM.module(i), CONTRACT.module(i), wide, middle);
  }

  /** The heads of a layer, fewer than the configuration says if it was pruned. */
  private int heads(int i) {
    String bias = QUERY.bias(i);
    return parts.parameters().shape(bias)[0] / parts.config().headSize();
  }

  private String attention(int i, String input) {
    OnnxModel model = parts.model();
    String bias = model.constant(QKV.formatted(i, "bias"), joined(i, ".bias"));
    Attribute heads = new Attribute("num_heads", heads(i));
    if (parts.products().attentionIsFast(parts.config().headSize())) {
      String name = QKV.formatted(i, "weight");
      WeightProducts.Attention attention = new WeightProducts.Attention(bias, mask, heads);
      return parts.products().attention(parts, name, joined(i, ".weight"), input, attention);
    }
    return parts.microsoft(
        "MultiHeadAttention",
        List.of(
            parts.product(QUERY.module(i), input),
            parts.product(KEY.module(i), input),
            parts.product(VALUE.module(i), input),
            bias,
            mask),
        heads);
  }

  /** LayerNorm(input W + b + skip), the bias and the sum being part of the norm's operation. */
  private String skipNorm(String norm, String linear, String input, String skip) {
    return parts.microsoft(
        "SkipLayerNormalization",
        List.of(
            parts.product(linear, input),
            skip,
            parts.parameter(norm + ".weight"),
            parts.parameter(norm + ".bias"),
            parts.parameter(linear + ".bias")),
        parts.epsilon());
  }

  /** The query, key and value parameters side by side: [hidden, 3 x hidden] or [3 x hidden]. */
  private Tensor joined(int i, String kind) {
    return GraphParts.joinColumns(
        LayerPart.QUERY_KEY_VALUE.stream()
            .map(part -> parts.parameters().get(part.module(i) + kind))
            .toList());
  }
}

package ernie4j.zoo.onnx;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;
import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.onnx.OnnxModel.Attribute;
import java.util.List;

/** An encoder in the standard operations of ONNX. Every parameter keeps its name and layout. */
final class StandardGraph {
  private static final int FLOAT = OnnxTypes.number(ElementType.FLOAT32);

  /** The initializer whose presence tells that the embedding of padding is multiplied by zero. */
  static final String PADDING_ID = "padding_id";

  /** Added to the scores of a masked key, as in Paddle and in the engine. */
  private static final float MASKED = -10000f;

  private final OnnxModel model;
  private final EncoderConfig config;
  private final ParameterSource parameters;
  private final StandardLinear linear;
  private final StandardEmbedding embedding;

  StandardGraph(OnnxModel model, EncoderConfig config, ParameterSource parameters) {
    this.model = model;
    this.config = config;
    this.parameters = parameters;
    linear = new StandardLinear(model, parameters);
    embedding = new StandardEmbedding(model, parameters, linear);
  }

  /**
   * The hidden states {@code [batch, length, hidden]}.
   *
   * @param ids {@code [batch, length]}, like mask and types
   */
  String hiddenStates(String ids, String mask, String types) {
    String hidden = embeddings(ids, types);
    String scores = additiveMask(mask);
    for (int i = 0; i < config.layers(); i++) {
      hidden = layerOf(i, hidden, scores);
    }
    return hidden;
  }

  private String embeddings(String ids, String types) {
    String sum = add(words(ids), embedding.lookUp(POSITION_EMBEDDINGS, positions(ids)));
    sum = add(sum, embedding.lookUp(TOKEN_TYPE_EMBEDDINGS, types));
    if (config.taskTypes() > 0) {
      sum = add(sum, embedding.lookUp(TASK_TYPE_EMBEDDINGS, model.integers("task", 0)));
    }
    return norm(EMBEDDINGS_NORM, sum);
  }

  private String words(String ids) {
    String words = embedding.lookUp(WORD_EMBEDDINGS, ids);
    if (!config.zeroPaddingEmbedding()
        || embedding.isZeroRow(WORD_EMBEDDINGS, config.paddingId())) {
      return words;
    }
    String padding = model.scalar(PADDING_ID, (long) config.paddingId());
    String isPadding = model.node("Equal", List.of(ids, padding));
    String isWord = model.node("Not", List.of(isPadding));
    String factor = model.node("Cast", List.of(isWord), new Attribute("to", FLOAT));
    return model.node(
        "Mul",
        List.of(words, model.node("Unsqueeze", List.of(factor, model.integers("last_axis", -1)))));
  }

  /** 0, 1, 2 ... up to the length. */
  private String positions(String ids) {
    String shape = model.node("Shape", List.of(ids));
    String length = model.node("Gather", List.of(shape, model.scalar("one", 1L)));
    return model.node("Range", List.of(model.scalar("zero", 0L), length, model.scalar("one", 1L)));
  }

  /** 0 for keys that are seen, -10000 for others; {@code [batch, 1, 1, length]}. */
  private String additiveMask(String mask) {
    String seen = model.node("Cast", List.of(mask), new Attribute("to", FLOAT));
    String hidden = model.node("Sub", List.of(model.scalar("unit", 1f), seen));
    String scores = model.node("Mul", List.of(hidden, model.scalar("masked", MASKED)));
    return model.node("Unsqueeze", List.of(scores, model.integers("head_and_query_axis", 1, 2)));
  }

  private String layerOf(int i, String input, String mask) {
    String attended = linear.apply(OUTPUT.module(i), attention(i, input, mask));
    String middle = norm(ATTENTION_NORM.module(i), add(attended, input));
    String wide = gelu(linear.apply(EXPAND.module(i), middle));
    return norm(OUTPUT_NORM.module(i), add(linear.apply(CONTRACT.module(i), wide), middle));
  }

  private String attention(int i, String input, String mask) {
    // A pruned layer has fewer heads than the configuration says.
    int width = parameters.shape(QUERY.bias(i))[0];
    int headSize = config.headSize();
    int heads = width / headSize;
    String split = model.integers("heads_" + heads, 0, 0, heads, headSize);
    String query = heads(QUERY.module(i), input, split, 0, 2, 1, 3);
    String key = heads(KEY.module(i), input, split, 0, 2, 3, 1);
    String value = heads(VALUE.module(i), input, split, 0, 2, 1, 3);
    String factor = model.scalar("score_factor", (float) (1 / Math.sqrt(headSize)));
    String scaled = model.node("Mul", List.of(query, factor));
    String scores = add(model.node("MatMul", List.of(scaled, key)), mask);
    String weights = model.node("Softmax", List.of(scores), new Attribute("axis", -1));
    String context = model.node("MatMul", List.of(weights, value));
    return model.node(
        "Reshape",
        List.of(transpose(context, 0, 2, 1, 3), model.integers("width_" + width, 0, 0, width)));
  }

  private String heads(String projection, String input, String split, int... permutation) {
    String all = linear.apply(projection, input);
    return transpose(model.node("Reshape", List.of(all, split)), permutation);
  }

  private String transpose(String value, int... permutation) {
    return model.node("Transpose", List.of(value), new Attribute("perm", permutation));
  }

  /** {@code tanh(x W + b)} of the first token: {@code [batch, hidden]}. */
  String pooled(String hidden) {
    String first =
        model.node("Gather", List.of(hidden, model.scalar("zero", 0L)), new Attribute("axis", 1));
    return model.node("Tanh", List.of(linear.apply(POOLER, first)));
  }

  String linear(String layer, String input) {
    return linear.apply(layer, input);
  }

  /** {@code 0.5 x (1 + erf(x / sqrt 2))}. */
  String gelu(String x) {
    String root = model.scalar("root_of_two", (float) Math.sqrt(2));
    String erf = model.node("Erf", List.of(model.node("Div", List.of(x, root))));
    String product = model.node("Mul", List.of(x, add(erf, model.scalar("unit", 1f))));
    return model.node("Mul", List.of(product, model.scalar("half", 0.5f)));
  }

  String norm(String module, String input) {
    return model.node(
        "LayerNormalization",
        List.of(input, parameter(module + ".weight"), parameter(module + ".bias")),
        new Attribute("axis", -1),
        new Attribute("epsilon", config.layerNormEpsilon()));
  }

  String parameter(String name) {
    return model.constant(name, parameters.get(name));
  }

  String add(String a, String b) {
    return model.node("Add", List.of(a, b));
  }
}

package ernie4j.bench.onnx;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.layer;

import ernie4j.bench.onnx.OnnxModel.Attribute;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.head.HeadNames;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder as an ONNX graph: {@code input_ids} [batch, length] int64 in, {@code
 * last_hidden_state} [batch, length, hidden] out, token types 0, without padding unless the graph
 * has a mask.
 *
 * <p>The fused form uses ONNX Runtime's own operations (Attention over one [hidden, 3 x hidden]
 * weight or MultiHeadAttention, SkipLayerNormalization, BiasGelu), which its transformer optimizer
 * would produce; it is the fastest form on its CPU provider. The plain form uses standard
 * operations only, the way an exporter writes them; it shows what the fusion is worth and checks
 * the fused one.
 */
public final class BertOnnxGraph {
  private final OnnxModel model = new OnnxModel();
  private final EncoderConfig config;
  private final ParameterSource parameters;

  /** The attention mask as int32, or the empty name of an input that is left out. */
  private String mask = "";

  private BertOnnxGraph(EncoderConfig config, ParameterSource parameters) {
    this.config = config;
    this.parameters = parameters;
  }

  /** The graph of ONNX Runtime's fused operations. */
  public static OnnxModel fused(EncoderConfig config, ParameterSource parameters) {
    return new BertOnnxGraph(config, parameters).withHiddenStates(true);
  }

  /**
   * The fused graph with a second input {@code attention_mask} [batch, length] int64: 1 for a
   * token, 0 for padding. Hidden states of padding mean nothing.
   */
  public static OnnxModel fusedWithMask(EncoderConfig config, ParameterSource parameters) {
    BertOnnxGraph graph = new BertOnnxGraph(config, parameters);
    String input = graph.model.input("attention_mask", "batch", "length");
    graph.mask = graph.toInt32(input);
    return graph.withHiddenStates(true);
  }

  /**
   * The fused graph with the heads of JointErnie instead of the hidden states: {@code
   * intent_logits} [batch, 1, intents] and {@code slot_logits} [batch, length, slots].
   */
  public static OnnxModel joint(EncoderConfig config, ParameterSource parameters) {
    BertOnnxGraph graph = new BertOnnxGraph(config, parameters);
    String hidden = graph.encode(true);
    OnnxModel model = graph.model;
    String first =
        model.node("Gather", List.of(hidden, model.integers("first", 0)), new Attribute("axis", 1));
    String pooled = model.node("Tanh", List.of(graph.linear(POOLER, first)));
    String intents = graph.linear(HeadNames.INTENT_CLASSIFIER, pooled);
    String slots = graph.linear(HeadNames.SLOT_CLASSIFIER, hidden);
    model.output(
        "intent_logits", intents, "batch", "1", graph.outputs(HeadNames.INTENT_CLASSIFIER));
    model.output("slot_logits", slots, "batch", "length", graph.outputs(HeadNames.SLOT_CLASSIFIER));
    return model;
  }

  private String outputs(String linear) {
    return Integer.toString(parameters.get(linear + ".bias").size());
  }

  /** The graph of standard operations. */
  public static OnnxModel plain(EncoderConfig config, ParameterSource parameters) {
    return new BertOnnxGraph(config, parameters).withHiddenStates(false);
  }

  private OnnxModel withHiddenStates(boolean fused) {
    String hidden = encode(fused);
    model.output(
        "last_hidden_state", hidden, "batch", "length", Integer.toString(config.hiddenSize()));
    return model;
  }

  private String encode(boolean fused) {
    String ids = model.input("input_ids", "batch", "length");
    String hidden = fused ? fusedEmbeddings(ids) : plainEmbeddings(ids);
    if (!fused) {
      plainConstants();
    }
    for (int i = 0; i < config.layers(); i++) {
      hidden = fused ? fusedLayer(i, hidden) : plainLayer(i, hidden);
    }
    return hidden;
  }

  /** With token type 0 everywhere its row is part of every position's. */
  private Tensor positionsWithTypes() {
    int hidden = config.hiddenSize();
    Tensor sum = parameters.get(POSITION_EMBEDDINGS).copy();
    for (String table : typeTables()) {
      Tensor types = parameters.get(table);
      for (int i = 0; i < sum.size(); i++) {
        sum.data()[i] += types.get(i % hidden);
      }
    }
    return sum;
  }

  private List<String> typeTables() {
    return config.taskTypes() > 0
        ? List.of(TOKEN_TYPE_EMBEDDINGS, TASK_TYPE_EMBEDDINGS)
        : List.of(TOKEN_TYPE_EMBEDDINGS);
  }

  private String fusedEmbeddings(String ids) {
    String ids32 = toInt32(ids);
    String positions = model.constant(POSITION_EMBEDDINGS, positionsWithTypes());
    return model.microsoftWithSecondOutput(
        "EmbedLayerNormalization",
        List.of(
            ids32,
            "",
            parameter(WORD_EMBEDDINGS),
            positions,
            "",
            parameter(EMBEDDINGS_NORM + ".weight"),
            parameter(EMBEDDINGS_NORM + ".bias")),
        epsilon());
  }

  private String toInt32(String value) {
    return model.node("Cast", List.of(value), new Attribute("to", 6));
  }

  private String fusedLayer(int i, String input) {
    String attention = fusedAttention(i, input);
    String middle = skipNorm(i, "norm1", "self_attn.out_proj", attention, input);
    String wide =
        model.microsoft(
            "BiasGelu",
            List.of(
                product(layer(i, "linear1"), middle), parameter(layer(i, "linear1") + ".bias")));
    return skipNorm(i, "norm2", "linear2", wide, middle);
  }

  /**
   * ONNX Runtime's Attention multiplies head by head, which is slower than three whole products
   * when a head is not a multiple of its kernel's 16 columns (3 % of a forward pass with heads of
   * 26).
   */
  private String fusedAttention(int i, String input) {
    String bias = model.constant(layer(i, "self_attn.qkv.bias"), joinColumns(i, ".bias"));
    Attribute heads = new Attribute("num_heads", config.attentionHeads());
    if (config.headSize() % 16 == 0) {
      String weight = model.constant(layer(i, "self_attn.qkv.weight"), joinColumns(i, ".weight"));
      return model.microsoft("Attention", List.of(input, weight, bias, mask), heads);
    }
    return model.microsoft(
        "MultiHeadAttention",
        List.of(
            product(layer(i, "self_attn.q_proj"), input),
            product(layer(i, "self_attn.k_proj"), input),
            product(layer(i, "self_attn.v_proj"), input),
            bias,
            mask),
        heads);
  }

  /** LayerNorm(input W + b + skip), the bias and the sum being part of the norm's operation. */
  private String skipNorm(int i, String norm, String linear, String input, String skip) {
    return model.microsoft(
        "SkipLayerNormalization",
        List.of(
            product(layer(i, linear), input),
            skip,
            parameter(layer(i, norm) + ".weight"),
            parameter(layer(i, norm) + ".bias"),
            parameter(layer(i, linear) + ".bias")),
        epsilon());
  }

  /** The query, key and value parameters side by side: [hidden, 3 x hidden] or [3 x hidden]. */
  private Tensor joinColumns(int i, String kind) {
    int hidden = config.hiddenSize();
    List<Tensor> parts = new ArrayList<>();
    for (String projection : List.of("q_proj", "k_proj", "v_proj")) {
      parts.add(parameters.get(layer(i, "self_attn." + projection) + kind));
    }
    int rows = parts.get(0).size() / hidden;
    Tensor joined =
        parts.get(0).rank() == 1 ? Tensor.zeros(3 * hidden) : Tensor.zeros(rows, 3 * hidden);
    for (int part = 0; part < 3; part++) {
      Tensor from = parts.get(part);
      for (int row = 0; row < rows; row++) {
        System.arraycopy(
            from.data(),
            from.offset() + row * hidden,
            joined.data(),
            (row * 3 + part) * hidden,
            hidden);
      }
    }
    return joined;
  }

  private String plainEmbeddings(String ids) {
    model.integers("row", 0);
    model.integers("one", 1);
    String shape = model.node("Shape", List.of(ids));
    String length = model.node("Gather", List.of(shape, model.integers("last", 1)));
    model.constant(POSITION_EMBEDDINGS, parameters.get(POSITION_EMBEDDINGS));
    String positions =
        model.node("Slice", List.of(POSITION_EMBEDDINGS, "row", length, "row", "one"));
    String sum = add(model.node("Gather", List.of(parameter(WORD_EMBEDDINGS), ids)), positions);
    for (String table : typeTables()) {
      sum = add(sum, model.node("Gather", List.of(parameter(table), "row")));
    }
    return norm(EMBEDDINGS_NORM, sum);
  }

  private void plainConstants() {
    model.integers("heads", 0, 0, config.attentionHeads(), config.headSize());
    model.integers("merged", 0, 0, config.hiddenSize());
    model.number("scale", (float) (1 / Math.sqrt(config.headSize())));
    model.number("root2", (float) Math.sqrt(2));
    model.number("unit", 1f);
    model.number("half", 0.5f);
  }

  private String plainLayer(int i, String input) {
    String query = heads(linear(layer(i, "self_attn.q_proj"), input), 0, 2, 1, 3);
    String key = heads(linear(layer(i, "self_attn.k_proj"), input), 0, 2, 3, 1);
    String value = heads(linear(layer(i, "self_attn.v_proj"), input), 0, 2, 1, 3);
    String scaled = model.node("Mul", List.of(query, "scale"));
    String scores = model.node("MatMul", List.of(scaled, key));
    String weights = model.node("Softmax", List.of(scores), new Attribute("axis", -1));
    String context = model.node("MatMul", List.of(weights, value));
    String back = transpose(context, 0, 2, 1, 3);
    String merged = model.node("Reshape", List.of(back, "merged"));
    String attended = add(linear(layer(i, "self_attn.out_proj"), merged), input);
    String middle = norm(layer(i, "norm1"), attended);
    String wide = gelu(linear(layer(i, "linear1"), middle));
    return norm(layer(i, "norm2"), add(linear(layer(i, "linear2"), wide), middle));
  }

  private String heads(String value, int... permutation) {
    return transpose(model.node("Reshape", List.of(value, "heads")), permutation);
  }

  private String transpose(String value, int... permutation) {
    return model.node("Transpose", List.of(value), new Attribute("perm", permutation));
  }

  /** 0.5 x (1 + erf(x / sqrt 2)). */
  private String gelu(String x) {
    String erf = model.node("Erf", List.of(model.node("Div", List.of(x, "root2"))));
    String product = model.node("Mul", List.of(x, add(erf, "unit")));
    return model.node("Mul", List.of(product, "half"));
  }

  private String add(String a, String b) {
    return model.node("Add", List.of(a, b));
  }

  private String linear(String module, String input) {
    return add(product(module, input), parameter(module + ".bias"));
  }

  private String product(String module, String input) {
    return model.node("MatMul", List.of(input, parameter(module + ".weight")));
  }

  private String norm(String module, String input) {
    return model.node(
        "LayerNormalization",
        List.of(input, parameter(module + ".weight"), parameter(module + ".bias")),
        new Attribute("axis", -1),
        epsilon());
  }

  private Attribute epsilon() {
    return new Attribute("epsilon", config.layerNormEpsilon());
  }

  /** A parameter as an initializer of the same name; each is used once. */
  private String parameter(String name) {
    return model.constant(name, parameters.get(name));
  }
}

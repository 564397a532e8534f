package ernie4j.bench.onnx;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;

import ernie4j.bench.onnx.OnnxModel.Attribute;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import java.util.List;

/** Standard operations only, the way an exporter writes them. */
record PlainForm(GraphParts parts) implements EncoderForm {
  @Override
  public String embeddings(String ids) {
    constants();
    OnnxModel model = parts.model();
    String shape = model.node("Shape", List.of(ids));
    String length = model.node("Gather", List.of(shape, model.integers("last", 1)));
    String positions =
        model.node(
            "Slice", List.of(parts.parameter(POSITION_EMBEDDINGS), "row", length, "row", "one"));
    String words = model.node("Gather", List.of(parts.parameter(WORD_EMBEDDINGS), ids));
    String sum = parts.add(words, positions);
    for (String table : parts.typeTables()) {
      sum = parts.add(sum, model.node("Gather", List.of(parts.parameter(table), "row")));
    }
    return norm(EMBEDDINGS_NORM, sum);
  }

  private void constants() {
    OnnxModel model = parts.model();
    EncoderConfig config = parts.config();
    model.integers("row", 0);
    model.integers("one", 1);
    model.integers("heads", 0, 0, config.attentionHeads(), config.headSize());
    model.integers("merged", 0, 0, config.hiddenSize());
    model.number("scale", (float) (1 / Math.sqrt(config.headSize())));
    model.number("root2", (float) Math.sqrt(2));
    model.number("unit", 1f);
    model.number("half", 0.5f);
  }

  @Override
  public String layer(int i, String input) {
    String attended = parts.add(linear(i, "self_attn.out_proj", attention(i, input)), input);
    String middle = norm(ParameterNames.layer(i, "norm1"), attended);
    String wide = gelu(linear(i, "linear1", middle));
    return norm(ParameterNames.layer(i, "norm2"), parts.add(linear(i, "linear2", wide), middle));
  }

  private String attention(int i, String input) {
    OnnxModel model = parts.model();
    String query = heads(linear(i, "self_attn.q_proj", input), 0, 2, 1, 3);
    String key = heads(linear(i, "self_attn.k_proj", input), 0, 2, 3, 1);
    String value = heads(linear(i, "self_attn.v_proj", input), 0, 2, 1, 3);
    String scaled = model.node("Mul", List.of(query, "scale"));
    String scores = model.node("MatMul", List.of(scaled, key));
    String weights = model.node("Softmax", List.of(scores), new Attribute("axis", -1));
    String context = model.node("MatMul", List.of(weights, value));
    return model.node("Reshape", List.of(transpose(context, 0, 2, 1, 3), "merged"));
  }

  private String linear(int i, String module, String input) {
    return parts.linear(ParameterNames.layer(i, module), input);
  }

  private String heads(String value, int... permutation) {
    return transpose(parts.model().node("Reshape", List.of(value, "heads")), permutation);
  }

  private String transpose(String value, int... permutation) {
    return parts.model().node("Transpose", List.of(value), new Attribute("perm", permutation));
  }

  /** 0.5 x (1 + erf(x / sqrt 2)). */
  private String gelu(String x) {
    OnnxModel model = parts.model();
    String erf = model.node("Erf", List.of(model.node("Div", List.of(x, "root2"))));
    String product = model.node("Mul", List.of(x, parts.add(erf, "unit")));
    return model.node("Mul", List.of(product, "half"));
  }

  private String norm(String module, String input) {
    return parts
        .model()
        .node(
            "LayerNormalization",
            List.of(input, parts.parameter(module + ".weight"), parts.parameter(module + ".bias")),
            new Attribute("axis", -1),
            parts.epsilon());
  }
}

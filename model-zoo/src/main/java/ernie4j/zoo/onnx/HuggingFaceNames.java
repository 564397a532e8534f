package ernie4j.zoo.onnx;

import ernie4j.engine.ParameterNames;
import java.util.Map;
import java.util.Optional;

/**
 * Translates the module names of Hugging Face's BERT and ERNIE to Paddle's, for example {@code
 * bert.encoder.layer.3.intermediate.dense} to {@code ernie.encoder.layers.3.linear1}. A parameter
 * is a module's name with {@code .weight} or {@code .bias}.
 */
final class HuggingFaceNames {
  private static final Map<String, String> TOP =
      Map.of(
          "embeddings.word_embeddings", "ernie.embeddings.word_embeddings",
          "embeddings.position_embeddings", "ernie.embeddings.position_embeddings",
          "embeddings.token_type_embeddings", "ernie.embeddings.token_type_embeddings",
          "embeddings.task_type_embeddings", "ernie.embeddings.task_type_embeddings",
          "embeddings.LayerNorm", ParameterNames.EMBEDDINGS_NORM,
          "pooler.dense", ParameterNames.POOLER,
          "classifier", "classifier");

  private static final Map<String, String> LAYER =
      Map.of(
          "attention.self.query", "self_attn.q_proj",
          "attention.self.key", "self_attn.k_proj",
          "attention.self.value", "self_attn.v_proj",
          "attention.output.dense", "self_attn.out_proj",
          "attention.output.LayerNorm", "norm1",
          "intermediate.dense", "linear1",
          "output.dense", "linear2",
          "output.LayerNorm", "norm2");

  private static final String[] PREFIXES = {"model.", "bert.", "ernie."};
  private static final String LAYER_PREFIX = "encoder.layer.";

  private HuggingFaceNames() {}

  /** The Paddle name of a parameter, or empty if it is none of a BERT-shaped encoder's. */
  static Optional<String> parameter(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String kind =
        switch (name.substring(dot + 1)) {
          case "weight", "gamma" -> ".weight";
          case "bias", "beta" -> ".bias";
          default -> "";
        };
    return kind.isEmpty()
        ? Optional.empty()
        : module(name.substring(0, dot)).map(module -> module + kind);
  }

  /** The Paddle name of a module, or empty if it is none of a BERT-shaped encoder's. */
  static Optional<String> module(String name) {
    String rest = name;
    for (String prefix : PREFIXES) {
      rest = rest.startsWith(prefix) ? rest.substring(prefix.length()) : rest;
    }
    if (!rest.startsWith(LAYER_PREFIX)) {
      return Optional.ofNullable(TOP.get(rest));
    }
    String layerAndPart = rest.substring(LAYER_PREFIX.length());
    int dot = layerAndPart.indexOf('.');
    if (dot < 1 || dot > 3 || !isNumber(layerAndPart.substring(0, dot))) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(layerAndPart, 0, dot, 10);
    return Optional.ofNullable(LAYER.get(layerAndPart.substring(dot + 1)))
        .map(part -> ParameterNames.layer(layer, part));
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether a Paddle module is a linear layer, so that torch keeps its weight transposed. */
  static boolean isLinear(String paddleModule) {
    return paddleModule.endsWith("_proj")
        || paddleModule.endsWith(".linear1")
        || paddleModule.endsWith(".linear2")
        || paddleModule.equals(ParameterNames.POOLER)
        || paddleModule.equals("classifier");
  }
}

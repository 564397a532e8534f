package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.head.HeadOptions;
import java.util.List;
import java.util.Map;

/**
 * The function applied to a score, which only sentence-transformers states: as the name of a torch
 * class in the {@code config.json}, for example {@code torch.nn.modules.activation.Sigmoid}.
 * transformers itself returns the number unchanged.
 */
final class ScoreActivation {
  private static final Map<String, String> CLASSES =
      Map.of(
          HeadOptions.SIGMOID, "torch.nn.modules.activation.Sigmoid",
          HeadOptions.IDENTITY, "torch.nn.modules.linear.Identity");

  private static final String ENTRY = "sentence_transformers";
  private static final String KEY = "activation_fn";

  /** The key of sentence-transformers before 4.0. */
  private static final String OLD_KEY = "sbert_ce_default_activation_function";

  private ScoreActivation() {}

  /** The name of the class; empty if the file does not say it. */
  static String className(JsonNode config) {
    return config.path(ENTRY).path(KEY).asText(config.path(OLD_KEY).asText(""));
  }

  /**
   * The options of a model with such a class.
   *
   * @param notes receives what a user should know
   */
  static Map<String, String> options(String className, List<String> notes) {
    for (Map.Entry<String, String> known : CLASSES.entrySet()) {
      if (simpleName(known.getValue()).equals(simpleName(className))) {
        return Map.of(HeadOptions.ACTIVATION, known.getKey());
      }
    }
    String why =
        className.isEmpty()
            ? "config.json does not say which function is applied to scores"
            : "config.json applies %s to scores, which is not known here".formatted(className);
    notes.add(
        "%s; they are the head's own numbers. For scores from 0 to 1, use TextScorer.withSigmoid(true), or set the model's option %s to %s."
            .formatted(why, HeadOptions.ACTIVATION, HeadOptions.SIGMOID));
    return Map.of();
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  /** Adds the class to a file if the options name one. */
  static void put(Map<String, Object> config, Map<String, String> options) {
    String className = CLASSES.get(options.getOrDefault(HeadOptions.ACTIVATION, ""));
    if (className != null) {
      config.put(ENTRY, Map.of(KEY, className));
    }
  }
}

package ernie4j.zoo.conversion;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The {@code config.json} that PaddleNLP and Hugging Face have in common: the shape of the encoder,
 * the architecture with its head, and the names of the labels. {@link GivenConfig} and {@link
 * HeadConfig} read it.
 */
public final class ConfigFile {
  public static final String NAME = "config.json";

  /** The key under which our own exports keep what the others have no key for. */
  static final String OWN = "ernie4j";

  private ConfigFile() {}

  /**
   * The content of the file, for the caller to add to and to write.
   *
   * @param ernie true if the architecture is ERNIE's, false if it is BERT's
   * @throws WrongTaskException if the task of the model is not known
   */
  public static Map<String, Object> content(Model model, boolean ernie) {
    EncoderConfig config = model.config();
    Task task = Task.of(model.task());
    Optional<FrameworkHead> head = FrameworkHead.of(task);
    Map<String, Object> json = new LinkedHashMap<>();
    String family = ernie ? "Ernie" : "Bert";
    json.put(
        "architectures", List.of(head.map(h -> h.architecture(family)).orElse(family + "Model")));
    json.put("model_type", ernie ? "ernie" : "bert");
    json.put("vocab_size", config.vocabularySize());
    json.put("hidden_size", config.hiddenSize());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.attentionHeads());
    json.put("intermediate_size", config.intermediateSize());
    json.put("max_position_embeddings", config.maxPositions());
    json.put("type_vocab_size", config.tokenTypes());
    if (ernie) {
      json.put("use_task_id", config.taskTypes() > 0);
      json.put("task_type_vocab_size", Math.max(1, config.taskTypes()));
    }
    json.put("hidden_act", "gelu");
    json.put("layer_norm_eps", config.layerNormEpsilon());
    json.put("pad_token_id", config.paddingId());
    json.put("hidden_dropout_prob", 0.1);
    json.put("attention_probs_dropout_prob", 0.1);
    json.put("initializer_range", 0.02);
    head.ifPresent(foreign -> putHead(json, foreign, model.labels()));
    // Only required entries: a program that trains a head on the model may keep entries that it
    // does not know.
    Map<String, Object> own = new LinkedHashMap<>();
    if (head.isEmpty() && !task.layers().isEmpty()) {
      own.put("task", task.id());
      own.put("labels", model.labels());
    }
    if (!model.options().isEmpty()) {
      own.put("options", model.options());
    }
    if (!own.isEmpty()) {
      json.put(OWN, own);
    }
    return json;
  }

  private static void putHead(
      Map<String, Object> json, FrameworkHead head, Map<String, List<String>> labels) {
    if (!head.problemType().isEmpty()) {
      json.put("problem_type", head.problemType());
    }
    for (HeadOutput output : head.task().outputs()) {
      if (output.isLabelled()) {
        putLabels(json, labels.getOrDefault(output.labels(), List.of()));
      } else if (!head.problemType().isEmpty()) {
        // The others assume two labels for an architecture without any.
        json.put("num_labels", output.columns());
        putLabels(json, IntStream.range(0, output.columns()).mapToObj(i -> "LABEL_" + i).toList());
      }
    }
  }

  private static void putLabels(Map<String, Object> json, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    Map<String, String> byId = new LinkedHashMap<>();
    Map<String, Integer> byName = new LinkedHashMap<>();
    for (int id = 0; id < names.size(); id++) {
      byId.put(Integer.toString(id), names.get(id));
      byName.put(names.get(id), id);
    }
    json.put("id2label", byId);
    json.put("label2id", byName);
  }
}

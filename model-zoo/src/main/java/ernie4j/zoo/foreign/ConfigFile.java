package ernie4j.zoo.foreign;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the {@code config.json} of PaddleNLP and that of Hugging Face have in common: the shape of
 * the encoder, the task as the end of the architecture's name, and the names of the labels. {@link
 * GivenConfig} reads the shape.
 */
public final class ConfigFile {
  public static final String NAME = "config.json";

  /** Where our own exports keep what the others have no word for. */
  private static final String OWN = "ernie4j";

  private static final Map<String, String> HEADS =
      Map.of(
          Task.SEQUENCE_CLASSIFICATION.id(), "ForSequenceClassification",
          Task.TOKEN_CLASSIFICATION.id(), "ForTokenClassification",
          Task.QUESTION_ANSWERING.id(), "ForQuestionAnswering",
          Task.MULTIPLE_CHOICE.id(), "ForMultipleChoice",
          Task.MASKED_LM.id(), "ForMaskedLM");

  private ConfigFile() {}

  /**
   * The content of the file, for the caller to add to and to write.
   *
   * @param ernie whether the architecture is ERNIE's; else it is BERT's
   * @param task one of {@link Task}
   * @param labels the label names of each output
   */
  public static Map<String, Object> content(
      EncoderConfig config, boolean ernie, String task, Map<String, List<String>> labels) {
    Map<String, Object> json = new LinkedHashMap<>();
    String family = ernie ? "Ernie" : "Bert";
    json.put("architectures", List.of(family + HEADS.getOrDefault(task, "Model")));
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
    putLabels(json, labels.getOrDefault(Task.LABEL, List.of()));
    // Only then: whoever trains a head on an encoder may keep an entry that he does not know.
    if (!task.equals(Task.ENCODER.id()) && !HEADS.containsKey(task)) {
      json.put(OWN, Map.of("task", task, "labels", labels));
    }
    return json;
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

  /**
   * The task that an architecture's name ends in.
   *
   * @param head the name without that of the encoder, for example {@code ForMaskedLM}
   */
  public static Optional<String> task(String head) {
    if (head.equals("ForPreTraining")) {
      return Optional.of(Task.MASKED_LM.id());
    }
    return HEADS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(head))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The task that only our own exports say. */
  public static Optional<String> ownTask(JsonNode root) {
    JsonNode task = root.path(OWN).path("task");
    return task.isTextual() ? Optional.of(task.asText()) : Optional.empty();
  }

  /**
   * The label names of each output.
   *
   * @param classifies whether {@code id2label} belongs to the head; some write it always
   * @throws ModelFileException if {@code id2label} leaves out an id
   */
  public static Map<String, List<String>> labels(String file, JsonNode root, boolean classifies)
      throws ModelFileException {
    Map<String, List<String>> own = lists(root.path(OWN).path("labels"));
    JsonNode byId = root.path("id2label");
    if (!own.isEmpty() || !classifies || !byId.isObject()) {
      return own;
    }
    List<String> names = new ArrayList<>();
    for (int id = 0; id < byId.size(); id++) {
      JsonNode name = byId.path(Integer.toString(id));
      if (!name.isTextual()) {
        throw new ModelFileException(
            file,
            "id2label: expected the names of 0 to %d, there is none of %d"
                .formatted(byId.size() - 1, id));
      }
      names.add(name.asText());
    }
    return Map.of(Task.LABEL, names);
  }

  /** The lists of texts of an object; empty if it is not there. */
  public static Map<String, List<String>> lists(JsonNode object) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      List<String> texts = new ArrayList<>();
      entry.getValue().forEach(text -> texts.add(text.asText()));
      lists.put(entry.getKey(), texts);
    }
    return lists;
  }
}

package ernie4j.zoo.paddle;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.zoo.foreign.GivenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code config.json} of a PaddleNLP folder, or the older {@code model_config.json}.
 *
 * @param given what the encoder needs
 * @param task what the head does; empty if nothing says it
 * @param labels the names of the outputs
 */
record PaddleConfig(GivenConfig given, String task, Map<String, List<String>> labels) {
  private static final String NAME = "config.json";
  private static final String OLD_NAME = "model_config.json";

  /** Where our own exports keep what PaddleNLP has no word for. */
  private static final String OWN = "ernie4j";

  private static final Map<String, String> TASKS =
      Map.of(
          TaskNames.SEQUENCE_CLASSIFICATION, "ForSequenceClassification",
          TaskNames.TOKEN_CLASSIFICATION, "ForTokenClassification",
          TaskNames.QUESTION_ANSWERING, "ForQuestionAnswering",
          TaskNames.MULTIPLE_CHOICE, "ForMultipleChoice",
          TaskNames.MASKED_LM, "ForMaskedLM");

  /** Reads what a folder has; Paddle's defaults if it has no configuration. */
  static PaddleConfig read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      file = folder.resolve(OLD_NAME);
    }
    if (!Files.isRegularFile(file)) {
      return new PaddleConfig(GivenConfig.paddle(), "", Map.of());
    }
    JsonNode json = GivenConfig.json(file);
    String architecture =
        json.path("architectures").path(0).asText(json.path("init_class").asText(""));
    String task =
        json.path(OWN)
            .path("task")
            .asText(
                TASKS.entrySet().stream()
                    .filter(entry -> architecture.endsWith(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(""));
    return new PaddleConfig(
        GivenConfig.of(file.toString(), json, true), task, labels(file.toString(), json));
  }

  private static Map<String, List<String>> labels(String file, JsonNode json)
      throws ModelFileException {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> output : json.path(OWN).path("labels").properties()) {
      List<String> names = new ArrayList<>();
      output.getValue().forEach(name -> names.add(name.asText()));
      labels.put(output.getKey(), names);
    }
    JsonNode byId = json.path("id2label");
    if (labels.isEmpty() && byId.isObject()) {
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
      labels.put(TaskNames.LABEL, names);
    }
    return labels;
  }

  /** The task that the file names if its head is there, else one that the parameters tell. */
  static String task(String named, ParameterSource parameters) {
    if (parameters.contains(HeadNames.INTENT_CLASSIFIER + ".weight")
        && parameters.contains(HeadNames.SLOT_CLASSIFIER + ".weight")) {
      return TaskNames.JOINT_INTENT_SLOTS;
    }
    boolean language = parameters.contains(HeadNames.MLM_DECODER_BIAS);
    if (parameters.contains(HeadNames.CLASSIFIER + ".weight")
        && TASKS.containsKey(named)
        && !named.equals(TaskNames.MASKED_LM)) {
      return named;
    }
    return language ? TaskNames.MASKED_LM : TaskNames.ENCODER;
  }

  /** Writes the configuration of a model. */
  static void write(Path folder, Model model) throws IOException {
    EncoderConfig config = model.config();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("architectures", List.of("Ernie" + TASKS.getOrDefault(model.task(), "Model")));
    json.put("model_type", "ernie");
    json.put("vocab_size", config.vocabularySize());
    json.put("hidden_size", config.hiddenSize());
    json.put("num_hidden_layers", config.layers());
    json.put("num_attention_heads", config.attentionHeads());
    json.put("intermediate_size", config.intermediateSize());
    json.put("max_position_embeddings", config.maxPositions());
    json.put("type_vocab_size", config.tokenTypes());
    json.put("use_task_id", config.taskTypes() > 0);
    if (config.taskTypes() > 0) {
      json.put("task_type_vocab_size", config.taskTypes());
    }
    json.put("hidden_act", "gelu");
    json.put("layer_norm_eps", config.layerNormEpsilon());
    json.put("pad_token_id", config.paddingId());
    json.put("hidden_dropout_prob", 0.1);
    json.put("attention_probs_dropout_prob", 0.1);
    json.put("initializer_range", 0.02);
    List<String> names = model.labels().getOrDefault(TaskNames.LABEL, List.of());
    if (!names.isEmpty()) {
      Map<String, Object> byId = new LinkedHashMap<>();
      Map<String, Object> byName = new LinkedHashMap<>();
      for (String name : names) {
        byName.put(name, byId.size());
        byId.put(Integer.toString(byId.size()), name);
      }
      json.put("id2label", byId);
      json.put("label2id", byName);
    }
    json.put(OWN, Map.of("task", model.task(), "labels", model.labels()));
    PaddleTexts.writeJson(folder.resolve(NAME), json);
  }
}

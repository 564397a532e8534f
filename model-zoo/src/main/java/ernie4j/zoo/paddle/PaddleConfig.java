package ernie4j.zoo.paddle;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.zoo.foreign.ConfigFile;
import ernie4j.zoo.foreign.GivenConfig;
import ernie4j.zoo.foreign.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code config.json} of a PaddleNLP folder, or the older {@code model_config.json}.
 *
 * @param given what the encoder needs
 * @param task what the head does; empty if nothing says it
 * @param labels the names of the outputs
 */
record PaddleConfig(GivenConfig given, String task, Map<String, List<String>> labels) {
  private static final String OLD_NAME = "model_config.json";

  /** Tasks whose head is called the same. */
  private static final Set<String> CLASSIFIERS =
      Set.of(
          Task.SEQUENCE_CLASSIFICATION.id(),
          Task.TOKEN_CLASSIFICATION.id(),
          Task.QUESTION_ANSWERING.id(),
          Task.MULTIPLE_CHOICE.id());

  /** Reads what a folder has; Paddle's defaults if it has no configuration. */
  static PaddleConfig read(Path folder) throws IOException {
    Path file = folder.resolve(ConfigFile.NAME);
    if (!Files.isRegularFile(file)) {
      file = folder.resolve(OLD_NAME);
    }
    if (!Files.isRegularFile(file)) {
      return new PaddleConfig(GivenConfig.paddle(), "", Map.of());
    }
    JsonNode json = JsonFile.read(file);
    String architecture =
        json.path("architectures").path(0).asText(json.path("init_class").asText(""));
    String head = architecture.replaceFirst("^.*(?=For[A-Z])", "");
    String task = ConfigFile.ownTask(json).or(() -> ConfigFile.task(head)).orElse("");
    return new PaddleConfig(
        GivenConfig.of(file.toString(), json, true),
        task,
        ConfigFile.labels(file.toString(), json, true));
  }

  /** The task that the file names if its head is there, else one that the parameters tell. */
  static String task(String named, ParameterSource parameters) {
    if (parameters.contains(HeadNames.INTENT_CLASSIFIER + ".weight")
        && parameters.contains(HeadNames.SLOT_CLASSIFIER + ".weight")) {
      return Task.JOINT_INTENT_SLOTS.id();
    }
    boolean language = parameters.contains(HeadNames.MLM_DECODER_BIAS);
    if (parameters.contains(HeadNames.CLASSIFIER + ".weight") && CLASSIFIERS.contains(named)) {
      return named;
    }
    return language ? Task.MASKED_LM.id() : Task.ENCODER.id();
  }
}

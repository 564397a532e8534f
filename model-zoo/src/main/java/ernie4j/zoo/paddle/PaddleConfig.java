package ernie4j.zoo.paddle;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.ConfigFile;
import ernie4j.zoo.conversion.FrameworkHead;
import ernie4j.zoo.conversion.GivenConfig;
import ernie4j.zoo.conversion.HeadConfig;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The {@code config.json} of a PaddleNLP folder, or the older {@code model_config.json}.
 *
 * @param given what the encoder needs
 * @param head what the head does and the names of its labels, as far as the file says it
 */
record PaddleConfig(GivenConfig given, HeadConfig head) {
  private static final String OLD_NAME = "model_config.json";

  /** Reads what a folder has; Paddle's defaults if it has no configuration. */
  static PaddleConfig read(Path folder) throws IOException {
    Path path = folder.resolve(ConfigFile.NAME);
    if (!Files.isRegularFile(path)) {
      path = folder.resolve(OLD_NAME);
    }
    if (!Files.isRegularFile(path)) {
      return new PaddleConfig(GivenConfig.paddle(), HeadConfig.none(folder.toString()));
    }
    String file = path.toString();
    JsonNode json = JsonFile.read(path);
    String architecture =
        json.path("architectures").path(0).asText(json.path("init_class").asText(""));
    FrameworkHead.requireSupported(file, architecture);
    return new PaddleConfig(
        GivenConfig.of(file, json, true), HeadConfig.of(file, json, architecture, true));
  }

  /** This configuration with the number of tokens of a vocabulary; 0 if there is none. */
  PaddleConfig withTokens(int tokens) {
    return new PaddleConfig(given.withTokens(tokens), head);
  }

  /**
   * The head among the parameters: that of the file, or else the one that a program or the names of
   * the parameters tell.
   *
   * @param program the task that a program tells; {@link Task#ENCODER} if none does
   * @param notes receives what a user should know
   * @throws ModelFileException if the file contradicts the parameters
   */
  ImportedHead head(Task program, ParameterSource parameters, List<String> notes)
      throws ModelFileException {
    Task task =
        head.task(parameters)
            .or(
                () ->
                    Optional.of(program)
                        .filter(
                            told -> told != Task.ENCODER && ImportedHead.isIn(told, parameters)))
            .or(() -> ImportedHead.ofItsOwnLayers(parameters))
            .orElse(Task.ENCODER);
    return head.head(task, parameters, notes);
  }
}

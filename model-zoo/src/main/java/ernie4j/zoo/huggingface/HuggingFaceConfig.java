package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.FrameworkHead;
import ernie4j.zoo.conversion.GivenConfig;
import ernie4j.zoo.conversion.HeadConfig;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code config.json}: the kind of model, and what the file says about the head.
 *
 * <p>Hugging Face's port of ERNIE says {@code layer_norm_eps} 1e-5, the default of the layer that
 * it was ported from, while Paddle computes with 1e-12. What the file says is used, as in
 * transformers, and a note says so. ERNIE looks up a zero vector for padding, as in Paddle.
 *
 * @param given what the encoder needs
 * @param head what the head does and the names of its labels
 * @param activation the class that sentence-transformers applies to a score; empty if not stated
 * @param notes what had to be decided
 */
record HuggingFaceConfig(
    GivenConfig given, HeadConfig head, String activation, List<String> notes) {
  private static final Set<String> MODEL_TYPES = Set.of("bert", "ernie");
  private static final float EPSILON_OF_THE_PORT = 1e-5f;

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it is not JSON, or describes a model that the engine cannot
   *     compute
   */
  static HuggingFaceConfig read(Path path) throws IOException {
    String file = path.toString();
    JsonNode root = JsonFile.read(path);
    String type = root.path("model_type").asText("");
    String architecture = root.path("architectures").path(0).asText("");
    FrameworkHead.requireSupported(file, architecture);
    if (type.isEmpty()) {
      // Ports of UIE name its class, which is one of ERNIE's, and nothing else.
      type =
          architecture.startsWith("Ernie") || architecture.equals("UIE")
              ? "ernie"
              : architecture.startsWith("Bert") ? "bert" : "";
    }
    requireSupported(file, root, type);
    boolean ernie = type.equals("ernie");
    List<String> notes = new ArrayList<>();
    GivenConfig given = GivenConfig.of(file, root, ernie);
    if (ernie && given.layerNormEpsilon() == EPSILON_OF_THE_PORT) {
      notes.add(
          "config.json says layer_norm_eps 1e-5, as Hugging Face's port of ERNIE does, and it is used; ERNIE itself was trained with 1e-12. Differences are small; to have 1e-12, change it in config.json and convert again.");
    }
    HeadConfig head = HeadConfig.of(file, root, architecture, false);
    if (head.layers().isEmpty() && !Set.of("", "BertModel", "ErnieModel").contains(architecture)) {
      notes.add(
          "The head of '%s' is not known here; only the encoder can be used."
              .formatted(architecture));
    }
    return new HuggingFaceConfig(given, head, ScoreActivation.className(root), notes);
  }

  /** This configuration with the number of tokens of a tokenizer; 0 if there is none. */
  HuggingFaceConfig withTokens(int tokens) {
    return new HuggingFaceConfig(given.withTokens(tokens), head, activation, notes);
  }

  private static void requireSupported(String file, JsonNode root, String type)
      throws ModelFileException {
    if (!MODEL_TYPES.contains(type)) {
      throw new ModelFileException(
          file,
          "model_type: expected one of %s, got '%s'; other models compute something else"
              .formatted(MODEL_TYPES, type));
    }
    String positions = root.path("position_embedding_type").asText("absolute");
    if (!positions.equals("absolute")) {
      throw new ModelFileException(
          file,
          "position_embedding_type: expected absolute, got %s; relative positions are not supported"
              .formatted(positions));
    }
    for (String flag : List.of("is_decoder", "add_cross_attention")) {
      if (root.path(flag).asBoolean(false)) {
        throw new ModelFileException(file, flag + ": only encoders are supported");
      }
    }
  }

  /**
   * The head of a model with these parameters; none if it is not among them.
   *
   * @param found receives what a user should know
   * @throws ModelFileException if the file contradicts the parameters
   */
  ImportedHead head(ParameterSource parameters, List<String> found) throws ModelFileException {
    Optional<Task> task = head.task(parameters);
    if (task.isEmpty() && !head.layers().isEmpty()) {
      found.add(
          "config.json names a head of the layers %s, which could not be read; only the encoder can be used."
              .formatted(head.layers()));
      return ImportedHead.NONE;
    }
    ImportedHead read = head.head(task.orElse(Task.ENCODER), parameters, found);
    boolean open =
        read.task().options().contains(HeadOptions.ACTIVATION)
            && !read.options().containsKey(HeadOptions.ACTIVATION);
    return open
        ? new ImportedHead(read.task(), read.labels(), ScoreActivation.options(activation, found))
        : read;
  }
}

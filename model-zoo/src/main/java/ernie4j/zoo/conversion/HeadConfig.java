package ernie4j.zoo.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@code config.json} of PaddleNLP or Hugging Face says of a model's head. Which task it is
 * may need the head's parameters, too: of several heads with one name, the one with a single output
 * gives a score. What contradicts the parameters is refused.
 */
public final class HeadConfig {
  private static final String PROBLEM_TYPE = "problem_type";

  private static final String NAMES = "id2label";

  /**
   * The keys of the number of a classifier's outputs, now and in older PaddleNLP; names take
   * precedence.
   */
  private static final List<String> COUNTS = List.of("num_labels", "num_classes");

  private final String file;
  private final JsonNode root;
  private final boolean inventsLabels;
  private final List<FrameworkHead> heads;

  private HeadConfig(String file, JsonNode root, boolean inventsLabels, List<FrameworkHead> heads) {
    this.file = file;
    this.root = root;
    this.inventsLabels = inventsLabels;
    this.heads = heads;
  }

  /**
   * Nothing is known.
   *
   * @param source what messages call the model
   */
  public static HeadConfig none(String source) {
    return new HeadConfig(source, MissingNode.getInstance(), true, List.of());
  }

  /**
   * Reads what a file says.
   *
   * @param architecture the name of the model's class, or empty
   * @param inventsLabels whether {@code id2label} may be present whatever the head is: names that
   *     do not fit are then left out, otherwise they are an error
   * @throws ModelFileException if one of our own exports names a task that is not known
   */
  public static HeadConfig of(
      String file, JsonNode root, String architecture, boolean inventsLabels)
      throws ModelFileException {
    String own = root.path(ConfigFile.OWN).path("task").asText("");
    List<FrameworkHead> heads =
        own.isEmpty()
            ? FrameworkHead.of(architecture)
            : List.of(new FrameworkHead(ImportedHead.task(file, own), "", "", Map.of()));
    return new HeadConfig(file, root, inventsLabels, heads);
  }

  /** The linear layers of the head that the file names; none if it names none that is known. */
  public List<String> layers() {
    return heads.isEmpty() ? List.of() : heads.get(0).task().layers();
  }

  /**
   * The task of the head that the file names; empty if it names none, or a head that is not among
   * the parameters.
   *
   * @throws ModelFileException if its {@code problem_type} is not known
   */
  public Optional<Task> task(ParameterSource parameters) throws ModelFileException {
    if (heads.isEmpty() || !ImportedHead.isIn(heads.get(0).task(), parameters)) {
      return Optional.empty();
    }
    if (heads.size() == 1) {
      return Optional.of(heads.get(0).task());
    }
    return Optional.of(problemType().isEmpty() ? byColumns(parameters) : byProblemType());
  }

  private Task byProblemType() throws ModelFileException {
    for (FrameworkHead head : heads) {
      if (head.problemType().equals(problemType())) {
        return head.task();
      }
    }
    throw new ModelFileException(
        file,
        "%s: expected one of %s, got '%s'"
            .formatted(
                PROBLEM_TYPE,
                heads.stream().map(FrameworkHead::problemType).toList(),
                problemType()));
  }

  private Task byColumns(ParameterSource parameters) {
    return heads.stream()
        .map(FrameworkHead::task)
        .filter(
            task ->
                task.outputs().stream()
                    .allMatch(output -> output.suits(columns(output, parameters))))
        .findFirst()
        .orElse(heads.get(0).task());
  }

  private String problemType() {
    return root.path(PROBLEM_TYPE).asText("");
  }

  private static int columns(HeadOutput output, ParameterSource parameters) {
    return parameters.shape(output.layer() + ".bias")[0];
  }

  /**
   * What the file says of a head among the parameters.
   *
   * @param task what the head does
   * @param notes receives what had to be left out
   * @throws ModelFileException if the file and the parameters do not say the same number of outputs
   */
  public ImportedHead head(Task task, ParameterSource parameters, List<String> notes)
      throws ModelFileException {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    for (HeadOutput output : task.outputs()) {
      int columns = columns(output, parameters);
      requireColumns(task, output, columns);
      List<String> names = names(countsOutputs() ? Task.LABEL : output.labels());
      if (fit(names, output, columns, notes) && output.isLabelled()) {
        labels.put(output.labels(), names);
      }
    }
    return new ImportedHead(
        task, labels, JsonFile.texts(root.path(ConfigFile.OWN).path("options")));
  }

  private void requireColumns(Task task, HeadOutput output, int columns) throws ModelFileException {
    if (!output.isLabelled() && output.columns() != columns) {
      throw new ModelFileException(
          file,
          "%sexpected %d as the number of outputs of the layer '%s' for the task %s, got %d"
              .formatted(
                  problemType().isEmpty() ? "" : PROBLEM_TYPE + " %s: ".formatted(problemType()),
                  output.columns(),
                  output.layer(),
                  task,
                  columns));
    }
    for (String key : COUNTS) {
      JsonNode count = root.path(key);
      if (countsOutputs()
          && !root.path(NAMES).isObject()
          && count.isInt()
          && count.intValue() != columns) {
        throw new ModelFileException(
            file,
            "%s: expected %d, as many as the layer '%s' has outputs, got %d"
                .formatted(key, columns, output.layer(), count.intValue()));
      }
    }
  }

  /**
   * Whether the head's labels are counted; in the files of other heads the number has no meaning.
   */
  private boolean countsOutputs() {
    return heads.stream()
        .flatMap(head -> head.task().outputs().stream())
        .anyMatch(output -> output.labels().equals(Task.LABEL));
  }

  /** The label names of an output; empty if there are none. */
  private List<String> names(String key) throws ModelFileException {
    List<String> own = JsonFile.lists(root.path(ConfigFile.OWN).path("labels")).get(key);
    JsonNode byId = root.path(NAMES);
    if (own != null || !key.equals(Task.LABEL) || !byId.isObject()) {
      return own == null ? List.of() : own;
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
    return names;
  }

  /** Whether there are as many names as outputs, or none at all. */
  private boolean fit(List<String> names, HeadOutput output, int columns, List<String> notes)
      throws ModelFileException {
    if (names.isEmpty() || names.size() == columns) {
      return !names.isEmpty();
    }
    if (!inventsLabels) {
      throw new ModelFileException(
          file,
          "id2label has %d names, but the %s %d outputs"
              .formatted(names.size(), output.layer(), columns));
    }
    notes.add(
        "The configuration names %d labels, but the head '%s' has %d outputs; the names were left out."
            .formatted(names.size(), output.layer(), columns));
    return false;
  }
}

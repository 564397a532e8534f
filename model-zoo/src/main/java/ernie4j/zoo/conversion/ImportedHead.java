package ernie4j.zoo.conversion;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the head of a model that was read.
 *
 * @param task what it does
 * @param labels the label names of each output
 * @param options how its answers are to be read
 */
public record ImportedHead(
    Task task, Map<String, List<String>> labels, Map<String, String> options) {
  /** No head that is known. */
  public static final ImportedHead NONE = new ImportedHead(Task.ENCODER, Map.of(), Map.of());

  /** Keeps unmodifiable copies. */
  public ImportedHead {
    labels = Map.copyOf(labels);
    options = Map.copyOf(options);
  }

  /**
   * The task of a name in a file that one of our exports wrote.
   *
   * @throws ModelFileException if this version knows none
   */
  public static Task task(String file, String name) throws ModelFileException {
    try {
      return Task.of(name);
    } catch (WrongTaskException e) {
      throw new ModelFileException(file, "head: " + e.getMessage(), e);
    }
  }

  /** Whether the linear layers of a task's head are among the parameters. */
  public static boolean isIn(Task task, ParameterSource parameters) {
    return task.layers().stream().allMatch(layer -> parameters.contains(layer + ".weight"));
  }

  /**
   * The task whose layers are present and belong to no other task. Of several, one with outputs is
   * taken, because fine-tuned models often keep the head of pre-training, which has none.
   */
  public static Optional<Task> ofItsOwnLayers(ParameterSource parameters) {
    return Arrays.stream(Task.values())
        .filter(task -> !task.layers().isEmpty() && isIn(task, parameters) && isAlone(task))
        .min(Comparator.comparing(task -> task.outputs().isEmpty()));
  }

  private static boolean isAlone(Task task) {
    return Arrays.stream(Task.values()).filter(o -> o.layers().equals(task.layers())).count() == 1;
  }

  /** The linear layers of any task's outputs that are among the parameters. */
  static List<String> layersIn(ParameterSource parameters) {
    return Arrays.stream(Task.values())
        .flatMap(task -> task.outputs().stream())
        .map(HeadOutput::layer)
        .distinct()
        .filter(layer -> parameters.contains(layer + ".weight"))
        .toList();
  }
}

package ernie4j.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.optimizer.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that a training needs to go on as if it had never stopped: parameters, both moments of AdamW
 * and the step, and numbers that the task adds ({@link TrainingTask#state}). The order of the
 * examples and all random numbers follow from seed and step. One safetensors file, replaced in one
 * step.
 */
final class Checkpoint {
  private static final String MEAN = "adamw.mean.";
  private static final String SQUARE = "adamw.square.";
  private static final String TASK = "task_state";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Checkpoint() {}

  /**
   * What is not a tensor.
   *
   * @param step optimizer steps done
   * @param lossSum sum of the losses since the last evaluation
   * @param lossCount their number
   * @param options the options of the training; another training cannot go on from here
   */
  record State(long step, double lossSum, int lossCount, String options, TrainingHistory history) {}

  static void write(Path path, TrainingTask task, AdamW optimizer, State state) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    task.parameters()
        .asMap()
        .forEach(
            (name, v) -> {
              AdamW.Moments moments = optimizer.moments(name);
              writer.add(name, Tensor.of(v.value(), v.rows(), v.columns()));
              writer.add(MEAN + name, Tensor.of(moments.mean(), v.rows(), v.columns()));
              writer.add(SQUARE + name, Tensor.of(moments.square(), v.rows(), v.columns()));
            });
    writer
        .metadata("format", "ernie4j-checkpoint")
        .metadata("step", Long.toString(state.step()))
        .metadata("loss_sum", Double.toString(state.lossSum()))
        .metadata("loss_count", Integer.toString(state.lossCount()))
        .metadata("options", state.options())
        .metadata("history", state.history().toJson())
        .metadata(TASK, JSON.writeValueAsString(new TreeMap<>(task.state())))
        .write(path);
  }

  /** Reads parameters and moments into place; nothing is changed if the file does not fit. */
  static State read(Path path, TrainingTask task, AdamW optimizer, String options)
      throws IOException {
    TrainableParameters parameters = task.parameters();
    SafetensorsFile file = SafetensorsFile.open(path);
    Map<String, String> metadata = file.metadata();
    if (!"ernie4j-checkpoint".equals(metadata.get("format"))) {
      throw new ModelFileException(path.toString(), "this is not a checkpoint of a training");
    }
    if (!options.equals(metadata.get("options"))) {
      throw new IOException(
          "%s: belongs to a training with other options: expected %s, got %s; use the same options or another folder"
              .formatted(path, options, metadata.get("options")));
    }
    for (Map.Entry<String, Variable> e : parameters.asMap().entrySet()) {
      requireShape(path, file, e.getKey(), e.getValue());
    }
    State state =
        new State(
            Long.parseLong(text(path, metadata, "step")),
            Double.parseDouble(text(path, metadata, "loss_sum")),
            Integer.parseInt(text(path, metadata, "loss_count")),
            options,
            TrainingHistory.fromJson(text(path, metadata, "history")));
    restore(path, task, metadata);
    for (Map.Entry<String, Variable> e : parameters.asMap().entrySet()) {
      copy(file, e.getKey(), e.getValue().value());
      copy(file, MEAN + e.getKey(), optimizer.moments(e.getKey()).mean());
      copy(file, SQUARE + e.getKey(), optimizer.moments(e.getKey()).square());
    }
    optimizer.restoreSteps(state.step());
    return state;
  }

  /** Hands the task's own numbers back; a checkpoint of a task without them may lack the entry. */
  private static void restore(Path path, TrainingTask task, Map<String, String> metadata)
      throws IOException {
    String json = metadata.getOrDefault(TASK, "{}");
    Map<String, Double> numbers = JSON.readValue(json, new TypeReference<>() {});
    try {
      task.restore(numbers);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(path.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static void requireShape(Path path, SafetensorsFile file, String name, Variable v)
      throws IOException {
    for (String tensor : new String[] {name, MEAN + name, SQUARE + name}) {
      int[] expected = {v.rows(), v.columns()};
      int[] got = file.entry(tensor).shape().stream().mapToInt(Math::toIntExact).toArray();
      if (!Arrays.equals(expected, got)) {
        throw new ModelFileException(
            path.toString(),
            "tensor '%s': expected shape %s, got %s; the checkpoint belongs to another model"
                .formatted(tensor, Arrays.toString(expected), Arrays.toString(got)));
      }
    }
  }

  private static void copy(SafetensorsFile file, String name, float[] to) throws IOException {
    float[] values = file.floats(name);
    System.arraycopy(values, 0, to, 0, values.length);
  }

  private static String text(Path path, Map<String, String> metadata, String key)
      throws ModelFileException {
    String value = metadata.get(key);
    if (value == null) {
      throw new ModelFileException(path.toString(), "the checkpoint has no '" + key + "'");
    }
    return value;
  }
}

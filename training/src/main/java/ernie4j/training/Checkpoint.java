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
 * All that a training needs to continue as if it had never stopped: the parameters, both moments of
 * AdamW, the step, and the numbers that the task adds ({@link TrainingTask#state}). The order of
 * the examples and all random numbers follow from seed and step. A checkpoint also records what the
 * training began with, so that no other training continues from it. It is one safetensors file with
 * its own hash, replaced atomically.
 */
final class Checkpoint {
  private static final String MEAN = "adamw.mean.";
  private static final String SQUARE = "adamw.square.";
  private static final String TASK = "task_state";
  private static final String INPUTS = "inputs";
  private static final String EPOCHS = "epochs";
  private static final String MAX_STEPS = "max_steps";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Checkpoint() {}

  /**
   * The part of a checkpoint that is not a tensor.
   *
   * @param step optimizer steps done
   * @param lossSum sum of the losses since the last evaluation
   * @param lossCount their number
   */
  record State(long step, double lossSum, int lossCount, TrainingHistory history) {}

  /**
   * What a training must have in common with the one that continues from its checkpoint.
   *
   * @param options the training options except those that say when it ends
   * @param epochs the planned end
   * @param maxSteps the planned end
   * @param inputs hashes by descriptive names
   */
  record Identity(String options, int epochs, long maxSteps, Map<String, String> inputs) {}

  static void write(Path path, TrainingTask task, AdamW optimizer, Identity identity, State state)
      throws IOException {
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
        .metadata("options", identity.options())
        .metadata(EPOCHS, Integer.toString(identity.epochs()))
        .metadata(MAX_STEPS, Long.toString(identity.maxSteps()))
        .metadata(INPUTS, JSON.writeValueAsString(new TreeMap<>(identity.inputs())))
        .metadata("history", state.history().toJson())
        .metadata(TASK, JSON.writeValueAsString(new TreeMap<>(task.state())))
        .recordHashes()
        .write(path);
  }

  /**
   * Reads parameters and moments into place; nothing is changed if the file does not fit.
   *
   * @param longer whether the end may be later than planned
   */
  static State read(
      Path path, TrainingTask task, AdamW optimizer, Identity identity, boolean longer)
      throws IOException {
    TrainableParameters parameters = task.parameters();
    SafetensorsFile file = SafetensorsFile.open(path);
    Map<String, String> metadata = file.metadata();
    if (!"ernie4j-checkpoint".equals(metadata.get("format"))) {
      throw new ModelFileException(path.toString(), "this is not a checkpoint of a training");
    }
    requireIntact(path, file);
    requireSame(path, metadata, identity);
    requireEnd(path, metadata, identity, longer);
    for (Map.Entry<String, Variable> e : parameters.asMap().entrySet()) {
      requireShape(path, file, e.getKey(), e.getValue());
    }
    State state =
        new State(
            Long.parseLong(text(path, metadata, "step")),
            Double.parseDouble(text(path, metadata, "loss_sum")),
            Integer.parseInt(text(path, metadata, "loss_count")),
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

  private static void requireIntact(Path path, SafetensorsFile file) throws IOException {
    if (!file.metadata().containsKey(INPUTS)) {
      throw new ModelFileException(
          path.toString(),
          "the checkpoint was written by an earlier version, which did not record what the training began with; start a new training in another folder");
    }
    file.requireIntact();
  }

  private static void requireSame(Path path, Map<String, String> metadata, Identity identity)
      throws IOException {
    String options = text(path, metadata, "options");
    if (!identity.options().equals(options)) {
      throw new IOException(
          "%s: belongs to a training with other options: expected %s, got %s; use the same options or another folder"
              .formatted(path, identity.options(), options));
    }
    Map<String, String> inputs =
        JSON.readValue(text(path, metadata, INPUTS), new TypeReference<>() {});
    for (Map.Entry<String, String> input : identity.inputs().entrySet()) {
      if (!input.getValue().equals(inputs.get(input.getKey()))) {
        throw new IOException(
            "%s: belongs to a training with other inputs: the %s changed since then; resume with the same inputs as before, or use another folder"
                .formatted(path, input.getKey()));
      }
    }
  }

  private static void requireEnd(
      Path path, Map<String, String> metadata, Identity identity, boolean longer)
      throws IOException {
    int epochs = Integer.parseInt(text(path, metadata, EPOCHS));
    long maxSteps = Long.parseLong(text(path, metadata, MAX_STEPS));
    if (identity.epochs() == epochs && identity.maxSteps() == maxSteps) {
      return;
    }
    if (!longer || identity.epochs() < epochs || identity.maxSteps() < maxSteps) {
      throw new IOException(
          "%s: belongs to a training of %s, got %s; use the same numbers, or extend the training to larger ones on purpose"
              .formatted(path, end(epochs, maxSteps), end(identity.epochs(), identity.maxSteps())));
    }
  }

  private static String end(int epochs, long maxSteps) {
    return maxSteps == Long.MAX_VALUE
        ? epochs + " epochs"
        : "%d epochs or at most %d steps".formatted(epochs, maxSteps);
  }

  /** Restores the task's own numbers; the checkpoint of a task without any may lack the entry. */
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

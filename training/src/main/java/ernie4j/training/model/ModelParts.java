package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes parts from the model that a training starts with, and completes the one that it produces.
 */
public final class ModelParts {
  private ModelParts() {}

  /**
   * Tells parameters of the encoder, including its pooler, from those of a head.
   *
   * @param parameter the name of a parameter
   * @return whether it belongs to the encoder
   */
  public static boolean isEncoder(String parameter) {
    return parameter.startsWith("ernie.");
  }

  /**
   * Collects the parameters of the encoder, without heads. Input scales are left out, since they
   * calibrate the weights as they were.
   *
   * @param model the model to take them from; not changed
   * @return a new store that shares the tensors of the model
   */
  public static ParameterStore encoder(Model model) {
    ParameterStore store = new ParameterStore();
    model
        .parameters()
        .asMap()
        .forEach(
            (name, tensor) -> {
              if (isEncoder(name) && !name.endsWith(ParameterNames.inputScale(""))) {
                store.put(name, tensor);
              }
            });
    return store;
  }

  /**
   * Checks that a model has the head of a task with the given labels.
   *
   * @param model the fine-tuned model to check
   * @param task the expected task
   * @param labels the expected labels by output
   * @throws WrongTaskException if its task or its labels differ
   */
  public static void requireFit(Model model, Task task, Map<String, List<String>> labels) {
    if (!model.task().equals(task.id())) {
      throw new WrongTaskException(
          "expected a model for the task %s, got one for %s; use a model that was fine-tuned for these examples"
              .formatted(task, model.task()));
    }
    if (!model.labels().equals(labels)) {
      throw new WrongTaskException(
          "expected a model with the labels %s, got %s; use the examples or the list of labels that it was fine-tuned with"
              .formatted(labels, model.labels()));
    }
  }

  /**
   * Removes the pooler if there is one.
   *
   * @param store the parameters of an encoder
   */
  public static void removePooler(ParameterStore store) {
    store.remove(ParameterNames.POOLER + ".weight");
    store.remove(ParameterNames.POOLER + ".bias");
  }

  /**
   * Limits the length of sequences by dropping position embeddings.
   *
   * @param model the model to cut; not changed
   * @param positions the longest sequence in tokens from now on
   * @return a model with only the first positions, or {@code model} itself if it has no more
   */
  public static Model withPositions(Model model, int positions) {
    EncoderConfig old = model.config();
    if (positions >= old.maxPositions()) {
      return model;
    }
    Tensor all = model.parameters().get(ParameterNames.POSITION_EMBEDDINGS);
    ParameterStore store = new ParameterStore();
    model.parameters().asMap().forEach(store::put);
    store.replace(
        ParameterNames.POSITION_EMBEDDINGS,
        Tensor.wrap(all.data(), all.offset(), positions, old.hiddenSize()));
    return model.withParameters(old.withMaxPositions(positions), store);
  }

  /**
   * Returns a model with another temperature for one output. Its answers stay the same: if it has a
   * threshold for labels, the threshold is adjusted along with their probabilities.
   *
   * @param model the fine-tuned model to start from; not changed
   * @param option {@link HeadOptions#TEMPERATURE} or {@link HeadOptions#SLOT_TEMPERATURE}
   * @param temperature the divisor of the logits, above 0; 1 removes the option
   * @return a model with the same weights and this temperature
   */
  public static Model withTemperature(Model model, String option, double temperature) {
    Model changed =
        temperature == 1
            ? model.withoutOptions(option)
            : model.withOption(option, String.valueOf(temperature));
    String threshold = model.options().get(HeadOptions.THRESHOLD);
    if (threshold == null) {
      return changed;
    }
    double before = Double.parseDouble(model.options().getOrDefault(option, "1"));
    double p = Double.parseDouble(threshold);
    double logit = Math.log(p / (1 - p)) * before / temperature;
    return changed.withOption(HeadOptions.THRESHOLD, String.valueOf(Logits.sigmoid(logit)));
  }

  /**
   * Returns a model without what calibration has set, for example because its weights have changed
   * since. A threshold for labels is adjusted to temperature 1.
   *
   * @param model the calibrated model; not changed
   * @return a model with the same weights and without calibration
   */
  public static Model withoutCalibration(Model model) {
    return withTemperature(model, HeadOptions.TEMPERATURE, 1)
        .withoutOptions(
            HeadOptions.SLOT_TEMPERATURE,
            HeadOptions.INTENTS_WITHOUT_SLOTS,
            HeadOptions.MIN_CONFIDENCE);
  }

  /**
   * A trained model with more lines of provenance.
   *
   * @param trained the model to describe; not changed
   * @param provenance lines to add, by name
   * @param metrics metrics on the dev part by name; each is added under {@code dev_} and its name
   * @return the model with these lines
   */
  public static Model describe(
      Model trained, Map<String, String> provenance, Map<String, Double> metrics) {
    Model model = trained;
    for (Map.Entry<String, String> line : provenance.entrySet()) {
      model = model.withProvenance(line.getKey(), line.getValue());
    }
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      model =
          model.withProvenance(
              "dev_" + metric.getKey(), String.format(Locale.ROOT, "%.2f", metric.getValue()));
    }
    return model;
  }
}

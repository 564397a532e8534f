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
import java.util.TreeMap;

/** What a training takes from the model it starts with, and adds to the one it leaves. */
public final class ModelParts {
  private ModelParts() {}

  /** Whether a parameter belongs to the encoder (or pooler) and not to a head. */
  public static boolean isEncoder(String parameter) {
    return parameter.startsWith("ernie.");
  }

  /**
   * The parameters of the encoder, shared with the model, without heads. Input scales are left out:
   * they belong to a calibration of the weights as they were.
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
   * @throws WrongTaskException if it has another
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

  /** Removes the pooler if there is one. */
  public static void removePooler(ParameterStore store) {
    store.remove(ParameterNames.POOLER + ".weight");
    store.remove(ParameterNames.POOLER + ".bias");
  }

  /** The model with only its first positions, if it has more: the longest sequence from now on. */
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
   * A model with another temperature of one output, which gives the same answers: the threshold of
   * labels, if there is one, goes with their probabilities.
   *
   * @param option {@link HeadOptions#TEMPERATURE} or {@link HeadOptions#SLOT_TEMPERATURE}
   */
  public static Model withTemperature(Model model, String option, double temperature) {
    Map<String, String> options = new TreeMap<>(model.options());
    String threshold = options.get(HeadOptions.THRESHOLD);
    if (threshold != null) {
      double before = Double.parseDouble(options.getOrDefault(option, "1"));
      double p = Double.parseDouble(threshold);
      double logit = Math.log(p / (1 - p)) * before / temperature;
      options.put(HeadOptions.THRESHOLD, String.valueOf(Logits.sigmoid(logit)));
    }
    if (temperature == 1) {
      options.remove(option);
    } else {
      options.put(option, String.valueOf(temperature));
    }
    return model.withOptions(options);
  }

  /** A model that says nothing of how sure its answers are, for example since it is another now. */
  public static Model withoutCalibration(Model model) {
    Model plain = withTemperature(model, HeadOptions.TEMPERATURE, 1);
    Map<String, String> options = new TreeMap<>(plain.options());
    options.remove(HeadOptions.SLOT_TEMPERATURE);
    options.remove(HeadOptions.MIN_CONFIDENCE);
    return plain.withOptions(options);
  }

  /**
   * A trained model with more lines of provenance.
   *
   * @param metrics on the dev part, by name; under {@code dev_} and their name
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

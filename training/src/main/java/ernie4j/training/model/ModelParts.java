package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import java.util.Locale;
import java.util.Map;

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
    return model.withParameters(old.withVocabulary(old.vocabularySize(), positions), store);
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

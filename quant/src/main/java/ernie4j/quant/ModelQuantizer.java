package ernie4j.quant;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.WeightType;
import ernie4j.engine.file.Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns float models into int8 models: linear layers and embedding tables become codes with scales
 * or a dictionary, under the names of {@link ParameterNames}. Everything else is unchanged.
 *
 * <pre>{@code
 * Model int8 = ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), inputScales);
 * ModelFile.write(path, ModelQuantizer.embeddings(int8, EmbeddingQuantization.LOG));
 * }</pre>
 */
public final class ModelQuantizer {
  private static final String WEIGHT = ".weight";

  private ModelQuantizer() {}

  /**
   * Lists the linear layers X of a model: {@code X.weight} is a matrix of floats and {@code X.bias}
   * exists.
   *
   * @param model the float model
   * @return the names X, in the order of the parameters; a new list
   */
  public static List<String> linearLayers(Model model) {
    ParameterSource parameters = model.parameters();
    List<String> layers = new ArrayList<>();
    parameters
        .weights()
        .forEach(
            (name, weight) -> {
              String layer = ParameterNames.module(name);
              if (name.equals(layer + WEIGHT)
                  && weight.type().isFloat()
                  && weight.shape().length == 2
                  && parameters.contains(layer + ".bias")) {
                layers.add(layer);
              }
            });
    return layers;
  }

  /**
   * Quantizes linear layers as {@link ColumnQuantizer#quantize} does.
   *
   * @param model the float model; not changed
   * @param layers names of linear layers of the model
   * @param inputScales the absolute maximum of the input of some of these layers, by layer name;
   *     the other layers quantize every token by its own maximum
   * @return the quantized model
   * @throws IllegalArgumentException if a name is not that of a linear layer, a weight has NaN or
   *     infinity, or a scale is not a positive number or belongs to no quantized layer
   */
  public static Model linear(
      Model model, Collection<String> layers, Map<String, Float> inputScales) {
    Set<String> quantized = Set.copyOf(layers);
    requireAll("a linear layer of the model", quantized, linearLayers(model));
    requireAll("among the layers to quantize", inputScales.keySet(), quantized);
    ParameterStore store = new ParameterStore();
    ParameterSource parameters = model.parameters();
    parameters
        .weights()
        .forEach(
            (name, weight) -> {
              String layer = ParameterNames.module(name);
              if (name.endsWith(WEIGHT) && quantized.contains(layer)) {
                addLinear(store, layer, parameters.get(name), inputScales);
              } else {
                store.put(name, weight);
              }
            });
    return model.withParameters(model.config(), store);
  }

  private static void requireAll(String what, Collection<String> names, Collection<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "ModelQuantizer: '%s' is not %s; these are: %s"
                .formatted(name, what, String.join(" ", known)));
      }
    }
  }

  private static void addLinear(
      ParameterStore store, String layer, Tensor weight, Map<String, Float> inputScales) {
    try {
      store.put(layer + WEIGHT, ColumnQuantizer.quantize(weight));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(layer + ": " + e.getMessage(), e);
    }
    Float scale = inputScales.get(layer);
    if (scale != null) {
      // The runtime makes the same check.
      float checked = new ActivationQuantizer(scale).scale();
      store.put(ParameterNames.inputScale(layer), Tensor.of(new float[] {checked}, 1));
    }
  }

  /**
   * Quantizes all embedding tables.
   *
   * @param model the model whose tables are floats; not changed
   * @param form how tables become int8
   * @return the quantized model
   * @throws IllegalArgumentException if a table is quantized already or has NaN or infinity
   */
  public static Model embeddings(Model model, EmbeddingQuantization form) {
    ParameterStore store = new ParameterStore();
    ParameterSource parameters = model.parameters();
    parameters
        .weights()
        .forEach(
            (name, weight) ->
                store.put(
                    name,
                    ParameterNames.TABLES.contains(name)
                        ? quantized(parameters.get(name), form)
                        : weight));
    return model.withParameters(model.config(), store);
  }

  private static Int8Weight quantized(Tensor table, EmbeddingQuantization form) {
    return switch (form) {
      case ROW -> RowQuantizer.quantize(table);
      case LOG -> LogQuantizer.quantize(table);
    };
  }

  /**
   * Returns the float model that the codes of a quantized model represent, for example to export
   * it. It gives nearly the same answers: its inputs are no longer rounded.
   *
   * @param model the quantized model; not changed
   * @return the float model, without scales and dictionaries
   * @throws IllegalArgumentException if something that the codes need is missing or does not fit
   */
  public static Model dequantize(Model model) {
    ParameterSource parameters = model.parameters();
    ParameterStore store = new ParameterStore();
    parameters
        .weights()
        .forEach(
            (name, weight) -> {
              if (weight.type() == WeightType.INT8) {
                store.put(name, ((Int8Weight) weight.inMemory()).dequantize());
              } else if (!describesCodes(parameters, name)) {
                store.put(name, weight);
              }
            });
    return model.withParameters(model.config(), store);
  }

  /** Whether a parameter is the scale of the input that is multiplied with codes. */
  private static boolean describesCodes(ParameterSource parameters, String name) {
    String layer = ParameterNames.module(name);
    return name.equals(ParameterNames.inputScale(layer))
        && parameters.contains(layer + WEIGHT)
        && parameters.isInt8(layer + WEIGHT);
  }
}

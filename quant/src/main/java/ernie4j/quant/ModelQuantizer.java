package ernie4j.quant;

import ernie4j.engine.Int8Tensor;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes int8 models of float models: linear layers and embedding tables become codes and what they
 * are worth, under the names of {@link ParameterNames}. Everything else stays as it is.
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
   * The names X of all linear layers: {@code X.weight} is a matrix of floats with {@code X.bias}.
   */
  public static List<String> linearLayers(Model model) {
    ParameterSource parameters = model.parameters();
    List<String> layers = new ArrayList<>();
    for (String name : parameters.names()) {
      if (name.endsWith(WEIGHT) && !parameters.isInt8(name)) {
        String layer = stem(name);
        if (parameters.shape(name).length == 2 && parameters.contains(layer + ".bias")) {
          layers.add(layer);
        }
      }
    }
    return layers;
  }

  private static String stem(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length());
  }

  /**
   * Quantizes linear layers as {@link QuantizedWeight#of} does.
   *
   * @param layers names of linear layers of the model
   * @param inputScales the absolute maximum of the inputs of some of these layers, by their names;
   *     the others quantize every token by its own
   * @throws IllegalArgumentException if a name is none of a linear layer, a weight has NaN or
   *     infinity, or a scale is not a positive number or belongs to no quantized layer
   */
  public static Model linear(
      Model model, Collection<String> layers, Map<String, Float> inputScales) {
    Set<String> quantized = Set.copyOf(layers);
    requireAll("a linear layer of the model", quantized, linearLayers(model));
    requireAll("among the layers to quantize", inputScales.keySet(), quantized);
    ParameterStore store = new ParameterStore();
    ParameterSource parameters = model.parameters();
    for (String name : parameters.names()) {
      if (name.endsWith(WEIGHT) && quantized.contains(stem(name))) {
        addLinear(store, stem(name), parameters.get(name), inputScales);
      } else {
        add(store, parameters, name);
      }
    }
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
    QuantizedWeight codes;
    try {
      codes = QuantizedWeight.of(weight);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(layer + ": " + e.getMessage(), e);
    }
    store.put(layer + WEIGHT, Int8Tensor.of(codes.codes(), codes.rows(), codes.columns()));
    store.put(ParameterNames.weightScale(layer), Tensor.of(codes.scales(), codes.columns()));
    Float scale = inputScales.get(layer);
    if (scale != null) {
      // The check that the runtime will make.
      float checked = new ActivationQuantizer(scale).scale();
      store.put(ParameterNames.inputScale(layer), Tensor.of(new float[] {checked}, 1));
    }
  }

  private static void add(ParameterStore store, ParameterSource parameters, String name) {
    if (parameters.isInt8(name)) {
      store.put(name, parameters.getCodes(name));
    } else {
      store.put(name, parameters.get(name));
    }
  }

  /**
   * Quantizes all embedding tables.
   *
   * @throws IllegalArgumentException if a table is quantized already or has NaN or infinity
   */
  public static Model embeddings(Model model, EmbeddingQuantization form) {
    ParameterStore store = new ParameterStore();
    ParameterSource parameters = model.parameters();
    for (String name : parameters.names()) {
      if (ParameterNames.TABLES.contains(name)) {
        addTable(store, stem(name), parameters.get(name), form);
      } else {
        add(store, parameters, name);
      }
    }
    return model.withParameters(model.config(), store);
  }

  private static void addTable(
      ParameterStore store, String table, Tensor values, EmbeddingQuantization form) {
    switch (form) {
      case ROW -> {
        RowQuantizedEmbedding rows = RowQuantizedEmbedding.of(values);
        store.put(table + WEIGHT, Int8Tensor.of(rows.codes(), rows.rows(), rows.width()));
        store.put(ParameterNames.weightScale(table), Tensor.of(rows.scales(), rows.rows()));
      }
      case LOG -> {
        LogQuantizedEmbedding log = LogQuantizedEmbedding.of(values);
        store.put(table + WEIGHT, Int8Tensor.of(log.codes(), log.rows(), log.width()));
        store.put(
            ParameterNames.weightDictionary(table),
            Tensor.of(log.dictionary(), log.dictionary().length));
      }
    }
  }

  /**
   * The float model that the codes of a quantized one stand for, for example to export it. It gives
   * nearly the same answers: its inputs are not rounded any more.
   *
   * @throws IllegalArgumentException if something that the codes need is missing or does not fit
   */
  public static Model dequantize(Model model) {
    ParameterSource parameters = model.parameters();
    ParameterStore store = new ParameterStore();
    for (String name : parameters.names()) {
      if (parameters.isInt8(name)) {
        store.put(name, floats(parameters, name));
      } else if (!describesCodes(parameters, name)) {
        store.put(name, parameters.get(name));
      }
    }
    return model.withParameters(model.config(), store);
  }

  /** Whether a parameter only says what the codes of another one are worth. */
  private static boolean describesCodes(ParameterSource parameters, String name) {
    for (String kind :
        List.of(
            ParameterNames.weightScale(""),
            ParameterNames.weightDictionary(""),
            ParameterNames.inputScale(""))) {
      if (name.endsWith(kind)) {
        String weight = name.substring(0, name.length() - kind.length()) + WEIGHT;
        return parameters.contains(weight) && parameters.isInt8(weight);
      }
    }
    return false;
  }

  private static Tensor floats(ParameterSource parameters, String name) {
    Int8Tensor codes = parameters.getCodes(name);
    int rows = codes.shape()[0];
    int columns = codes.shape()[1];
    String stem = stem(name);
    if (!ParameterNames.TABLES.contains(name)) {
      float[] scales = parameters.get(ParameterNames.weightScale(stem), columns).toArray();
      return new QuantizedWeight(rows, columns, codes.codes(), scales).dequantize();
    }
    String dictionary = ParameterNames.weightDictionary(stem);
    if (parameters.contains(dictionary)) {
      float[] magnitudes = parameters.get(dictionary).toArray();
      return new LogQuantizedEmbedding(rows, columns, codes.codes(), magnitudes).dequantize();
    }
    float[] scales = parameters.get(ParameterNames.weightScale(stem), rows).toArray();
    return new RowQuantizedEmbedding(rows, columns, codes.codes(), scales).dequantize();
  }
}

package ernie4j.training.quantization;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.quant.AbsMax;
import ernie4j.quant.ColumnQuantizer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A float model that is ready to become int8: its real weights, and how large the inputs of its
 * linear layers get.
 *
 * <p>In a model file the scales are separate parameters next to the float weights, {@code
 * <layer>.input_scale} with one value; {@link #toModel} and {@link #of} convert in both directions.
 *
 * @param model float32, without scales among its parameters
 * @param inputScales by the name of each layer to quantize, such as {@code
 *     ernie.encoder.layers.0.linear1}: the magnitude of its input that maps to code 127; layers
 *     that are not in it stay float
 */
public record CalibratedModel(Model model, Map<String, Float> inputScales) {
  private static final String INPUT_SCALE = ParameterNames.inputScale("");

  /**
   * Keeps an unmodifiable copy of the scales, in their order.
   *
   * @throws IllegalArgumentException if a layer has no weight matrix in the model, or a scale is
   *     not a positive number
   */
  public CalibratedModel {
    inputScales = Collections.unmodifiableMap(new LinkedHashMap<>(inputScales));
    for (Map.Entry<String, Float> entry : inputScales.entrySet()) {
      String weight = entry.getKey() + ".weight";
      if (!model.parameters().contains(weight) || model.parameters().shape(weight).length != 2) {
        throw new IllegalArgumentException(
            "CalibratedModel: there is a scale for '%s', but the model has no matrix '%s'"
                .formatted(entry.getKey(), weight));
      }
      if (!(entry.getValue() > 0) || Float.isInfinite(entry.getValue())) {
        throw new IllegalArgumentException(
            "CalibratedModel: the input scale of '%s' must be a positive number, got %s"
                .formatted(entry.getKey(), entry.getValue()));
      }
    }
  }

  /**
   * Separates the scales from the other parameters of a model, for example of the best model of a
   * training with {@link QatTask}.
   *
   * @param withScales a model with input scales among its parameters; not changed
   * @return the model without scales, and the scales
   * @throws IllegalArgumentException if it has none, or they do not fit its layers
   */
  public static CalibratedModel of(Model withScales) {
    ParameterSource all = withScales.parameters();
    Map<String, Float> scales = new LinkedHashMap<>();
    for (String name : all.names()) {
      if (name.endsWith(INPUT_SCALE)) {
        String layer = name.substring(0, name.length() - INPUT_SCALE.length());
        scales.put(layer, all.get(name, 1).get(0));
      }
    }
    if (scales.isEmpty()) {
      throw new IllegalArgumentException(
          "CalibratedModel: the model has no parameter that ends in '%s'; calibrate it or train it with quantization first"
              .formatted(INPUT_SCALE));
    }
    ParameterStore weights = withoutScales(all);
    return new CalibratedModel(withScales.withParameters(withScales.config(), weights), scales);
  }

  /** {@return a new model with the scales among its parameters, which shares the weights} */
  public Model toModel() {
    ParameterStore store = new ParameterStore();
    model.parameters().asMap().forEach(store::put);
    inputScales.forEach(
        (layer, scale) ->
            store.put(ParameterNames.inputScale(layer), Tensor.of(new float[] {scale}, 1)));
    return model.withParameters(model.config(), store);
  }

  /**
   * Quantizes the weight of a layer to the codes and scales that Paddle exports.
   *
   * @param layer the name of a linear layer, such as {@code ernie.encoder.layers.0.linear1}
   * @return the codes, and one scale for each output of the layer
   * @throws IllegalArgumentException if the model has no such layer
   */
  public Int8Weight weight(String layer) {
    return ColumnQuantizer.quantize(model.parameters().get(layer + ".weight"));
  }

  /** The parameters that are not input scales. */
  private static ParameterStore withoutScales(ParameterSource parameters) {
    ParameterStore store = new ParameterStore();
    for (String name : parameters.names()) {
      if (!name.endsWith(INPUT_SCALE)) {
        store.put(name, parameters.get(name));
      }
    }
    return store;
  }

  /**
   * The parameters of a model that a calibration or training begins with, without scales of an
   * earlier one.
   *
   * @throws IllegalArgumentException if a value is NaN or infinite
   */
  static ParameterStore startOf(Model model) {
    ParameterStore store = withoutScales(model.parameters());
    store
        .asMap()
        .forEach(
            (name, tensor) -> {
              float max = AbsMax.of(tensor.data(), tensor.offset(), tensor.size());
              if (!Float.isFinite(max)) {
                throw new IllegalArgumentException(
                    "Quantization: parameter '%s' of the model has NaN or infinity; take a model from before its training diverged"
                        .formatted(name));
              }
            });
    return store;
  }
}

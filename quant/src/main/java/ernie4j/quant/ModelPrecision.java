package ernie4j.quant;

import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.WeightType;
import ernie4j.engine.file.Model;

/**
 * Changes the element type of all matrices of floats in a model: the weights of its linear layers
 * and its embedding tables. Vectors (biases, norms) stay float32, int8 codes stay as they are.
 *
 * <p>bfloat16 needs no calibration and halves the file. Kernels that multiply bfloat16 ({@link
 * ernie4j.engine.kernels.Kernels#multiplyBfloat16}) round the inputs of linear layers as well;
 * others compute in float32 with the rounded weights.
 */
public final class ModelPrecision {
  private ModelPrecision() {}

  /**
   * A model with matrices of that type.
   *
   * @param type float32 or bfloat16
   * @throws IllegalArgumentException if the type is int8, see {@link ModelQuantizer}
   */
  public static Model of(Model model, WeightType type) {
    if (!type.isFloat()) {
      throw new IllegalArgumentException(
          "ModelPrecision: expected a type of floats, got %s; int8 needs scales: use ModelQuantizer"
              .formatted(type));
    }
    ParameterStore store = new ParameterStore();
    model
        .parameters()
        .weights()
        .forEach(
            (name, weight) -> {
              if (!weight.type().isFloat() || weight.shape().length != 2) {
                store.put(name, weight);
              } else if (type == WeightType.BFLOAT16) {
                store.put(name, Bfloat16Weight.of(weight.floats()));
              } else {
                store.put(name, weight.floats());
              }
            });
    return model.withParameters(model.config(), store);
  }
}

package ernie4j.quant;

import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.WeightType;
import ernie4j.engine.file.Model;

/**
 * Changes the element type of all matrices of floats in a model: the weights of its linear layers
 * and its embedding tables. Vectors (biases, norms) stay float32, and int8 codes are unchanged.
 *
 * <p>bfloat16 needs no calibration and halves the file. Kernels that multiply bfloat16 ({@link
 * ernie4j.engine.kernels.Kernels#multiplyBfloat16}) also round the inputs of linear layers; others
 * compute in float32 with the rounded weights.
 */
public final class ModelPrecision {
  private ModelPrecision() {}

  /**
   * Converts the matrices of a model.
   *
   * @param model the model; not changed
   * @param type the new type of the matrices, float32 or bfloat16
   * @return the converted model
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

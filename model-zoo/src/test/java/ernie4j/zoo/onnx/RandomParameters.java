package ernie4j.zoo.onnx;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.SplittableRandom;

/** Small random weights for any architecture. */
final class RandomParameters {
  private RandomParameters() {}

  static ParameterStore of(EncoderConfig config) {
    SplittableRandom random = new SplittableRandom(1);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config)
        .forEach(
            (name, shape) -> {
              Tensor tensor = Tensor.zeros(shape);
              float centre = name.contains("norm") && name.endsWith("weight") ? 1 : 0;
              for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = centre + (float) (0.1 * (random.nextDouble() - 0.5));
              }
              store.put(name, tensor);
            });
    return store;
  }
}

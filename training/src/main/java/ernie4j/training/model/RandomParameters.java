package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * Initial values as in the reference: weights and embeddings Normal(0, 0.02), biases 0, norms 1 and
 * 0.
 */
public final class RandomParameters {
  private static final double DEVIATION = 0.02;

  private final Random random;

  /** The same seed and the same calls always give the same values. */
  public RandomParameters(long seed) {
    random = new Random(seed);
  }

  /** A whole encoder with pooler. */
  public static ParameterStore encoder(EncoderConfig config, long seed) {
    RandomParameters values = new RandomParameters(seed);
    ParameterStore store = new ParameterStore();
    values.addMissing(store, ParameterNames.shapes(config));
    return store;
  }

  private Tensor initial(String name, int... shape) {
    if (shape.length > 1) {
      return normal(DEVIATION, shape);
    }
    Tensor vector = Tensor.zeros(shape);
    if (name.endsWith(".weight")) {
      Arrays.fill(vector.data(), 1f);
    }
    return vector;
  }

  /** Adds the parameters that a store does not have. */
  public void addMissing(ParameterStore store, Map<String, int[]> shapes) {
    shapes.forEach(
        (name, shape) -> {
          if (!store.contains(name)) {
            store.put(name, initial(name, shape));
          }
        });
  }

  /** A linear layer of the encoder. */
  public void linear(ParameterStore store, String name, int in, int out) {
    store.put(name + ".weight", normal(DEVIATION, in, out));
    store.put(name + ".bias", Tensor.zeros(out));
  }

  /** A linear layer with weight and bias from Normal(0, sqrt(2 / fan-in)). */
  public void kaimingLinear(ParameterStore store, String name, int in, int out) {
    store.put(name + ".weight", normal(Math.sqrt(2.0 / in), in, out));
    store.put(name + ".bias", normal(Math.sqrt(2.0 / out), out));
  }

  /** Values from Normal(0, deviation). */
  public Tensor normal(double deviation, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = (float) (deviation * random.nextGaussian());
    }
    return tensor;
  }
}

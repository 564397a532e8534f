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

  /**
   * A source of random values. The same seed and the same calls always give the same values.
   *
   * @param seed any number
   */
  public RandomParameters(long seed) {
    random = new Random(seed);
  }

  /**
   * Creates all parameters of an encoder with pooler.
   *
   * @param config the shape of the encoder
   * @param seed any number; the same seed always gives the same values
   * @return a new store
   */
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

  /**
   * Adds the parameters that a store lacks.
   *
   * @param store the store to complete
   * @param shapes the expected shapes by name
   */
  public void addMissing(ParameterStore store, Map<String, int[]> shapes) {
    shapes.forEach(
        (name, shape) -> {
          if (!store.contains(name)) {
            store.put(name, initial(name, shape));
          }
        });
  }

  /**
   * Adds a linear layer with the initial values of the encoder.
   *
   * @param store receives {@code name.weight}, [in, out], and {@code name.bias}, [out]
   * @param name the name of the layer
   * @param in the number of inputs
   * @param out the number of outputs
   */
  public void linear(ParameterStore store, String name, int in, int out) {
    store.put(name + ".weight", normal(DEVIATION, in, out));
    store.put(name + ".bias", Tensor.zeros(out));
  }

  /**
   * Adds a linear layer whose weight and bias are drawn from Normal(0, sqrt(2 / fan-in)).
   *
   * @param store receives {@code name.weight}, [in, out], and {@code name.bias}, [out]
   * @param name the name of the layer
   * @param in the number of inputs
   * @param out the number of outputs
   */
  public void kaimingLinear(ParameterStore store, String name, int in, int out) {
    store.put(name + ".weight", normal(Math.sqrt(2.0 / in), in, out));
    store.put(name + ".bias", normal(Math.sqrt(2.0 / out), out));
  }

  /**
   * Draws values from Normal(0, deviation).
   *
   * @param deviation the standard deviation
   * @param shape the dimensions of the tensor
   * @return a new tensor
   */
  public Tensor normal(double deviation, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = (float) (deviation * random.nextGaussian());
    }
    return tensor;
  }
}

package ernie4j.engine;

import java.util.Random;

/** A model of odd sizes with random weights, for tests that need no expected values. */
public final class SmallModel {
  private SmallModel() {}

  /** Vocabulary 50, hidden 26, 3 layers, 2 heads of 13, intermediate 70, 40 positions. */
  public static final EncoderConfig CONFIG = EncoderConfig.ernie(50, 26, 3, 2, 70, 40);

  /** Body and pooler, the same for the same seed. */
  public static ParameterStore parameters(long seed) {
    return parameters(CONFIG, seed);
  }

  /** Body and pooler of a model of any size. */
  public static ParameterStore parameters(EncoderConfig config, long seed) {
    Random random = new Random(seed);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config)
        .forEach(
            (name, shape) -> {
              Tensor tensor = Tensor.zeros(shape);
              for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = (float) (0.3 * random.nextGaussian());
              }
              store.put(name, tensor);
            });
    return store;
  }
}

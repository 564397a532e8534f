package ernie4j.training.model;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.layer;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
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
    int hidden = config.hiddenSize();
    store.put(WORD_EMBEDDINGS, values.normal(DEVIATION, config.vocabularySize(), hidden));
    store.put(POSITION_EMBEDDINGS, values.normal(DEVIATION, config.maxPositions(), hidden));
    store.put(TOKEN_TYPE_EMBEDDINGS, values.normal(DEVIATION, config.tokenTypes(), hidden));
    if (config.taskTypes() > 0) {
      store.put(TASK_TYPE_EMBEDDINGS, values.normal(DEVIATION, config.taskTypes(), hidden));
    }
    norm(store, EMBEDDINGS_NORM, hidden);
    for (int i = 0; i < config.layers(); i++) {
      for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        values.linear(store, layer(i, "self_attn." + part), hidden, hidden);
      }
      values.linear(store, layer(i, "linear1"), hidden, config.intermediateSize());
      values.linear(store, layer(i, "linear2"), config.intermediateSize(), hidden);
      norm(store, layer(i, "norm1"), hidden);
      norm(store, layer(i, "norm2"), hidden);
    }
    values.linear(store, ParameterNames.POOLER, hidden, hidden);
    return store;
  }

  private static void norm(ParameterStore store, String name, int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1f);
    store.put(name + ".weight", Tensor.of(ones, size));
    store.put(name + ".bias", Tensor.zeros(size));
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

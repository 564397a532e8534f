package ernie4j.bench.model;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.layer;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Parameters as ERNIE is initialised: weights and embeddings from Normal(0, 0.02), biases 0, layer
 * norms 1 and 0. Speed does not depend on the numbers, and these keep every activation in its usual
 * range.
 */
public final class RandomParameters {
  private static final double STANDARD_DEVIATION = 0.02;

  private final SplittableRandom random;
  private final ParameterStore store = new ParameterStore();

  private RandomParameters(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** The body and the pooler under their Paddle names, the same numbers for the same seed. */
  public static ParameterStore body(EncoderConfig config, long seed) {
    RandomParameters parameters = new RandomParameters(seed);
    parameters.addEmbeddings(config);
    for (int i = 0; i < config.layers(); i++) {
      parameters.addLayer(i, config.hiddenSize(), config.intermediateSize());
    }
    parameters.addLinear(POOLER, config.hiddenSize(), config.hiddenSize());
    return parameters.store;
  }

  /** The body with the two classifiers of the joint intent and slot model. */
  public static ParameterStore joint(EncoderConfig config, int intents, int slots, long seed) {
    ParameterStore body = body(config, seed);
    RandomParameters heads = new RandomParameters(seed + 1);
    heads.addLinear("intent_classifier", config.hiddenSize(), intents);
    heads.addLinear("slot_classifier", config.hiddenSize(), slots);
    heads.store.asMap().forEach(body::put);
    return body;
  }

  private void addEmbeddings(EncoderConfig config) {
    int hidden = config.hiddenSize();
    addNormal(WORD_EMBEDDINGS, config.vocabularySize(), hidden);
    addNormal(POSITION_EMBEDDINGS, config.maxPositions(), hidden);
    addNormal(TOKEN_TYPE_EMBEDDINGS, config.tokenTypes(), hidden);
    if (config.taskTypes() > 0) {
      addNormal(TASK_TYPE_EMBEDDINGS, config.taskTypes(), hidden);
    }
    addNorm(EMBEDDINGS_NORM, hidden);
  }

  private void addLayer(int index, int hidden, int intermediate) {
    for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      addLinear(layer(index, "self_attn." + projection), hidden, hidden);
    }
    addLinear(layer(index, "linear1"), hidden, intermediate);
    addLinear(layer(index, "linear2"), intermediate, hidden);
    addNorm(layer(index, "norm1"), hidden);
    addNorm(layer(index, "norm2"), hidden);
  }

  private void addLinear(String module, int in, int out) {
    addNormal(module + ".weight", in, out);
    store.put(module + ".bias", Tensor.zeros(out));
  }

  private void addNorm(String module, int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1f);
    store.put(module + ".weight", Tensor.of(ones, size));
    store.put(module + ".bias", Tensor.zeros(size));
  }

  private void addNormal(String name, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    float[] values = tensor.data();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * STANDARD_DEVIATION);
    }
    store.put(name, tensor);
  }
}

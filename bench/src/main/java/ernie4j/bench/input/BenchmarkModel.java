package ernie4j.bench.input;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.WeightType;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.quant.ModelPrecision;
import ernie4j.quant.ModelQuantizer;
import ernie4j.training.model.RandomParameters;
import ernie4j.zoo.Architectures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * A model to measure: an encoder of a named size with initial weights, or bge-small-zh with its
 * real ones.
 */
public record BenchmarkModel(EncoderConfig config, ParameterSource parameters) {
  private static final long SEED = 20260101;
  private static final int VOCABULARY = 40000;

  /**
   * The model of a name: {@code bge-small-zh}, or an architecture such as {@code nano} with random
   * weights and 40,000 words.
   *
   * @throws IllegalArgumentException if there is no such name
   */
  public static BenchmarkModel named(String name) {
    if (!name.equals(BgeSmallZh.NAME)) {
      return encoder(name, VOCABULARY);
    }
    try {
      Model model = BgeSmallZh.model();
      return new BenchmarkModel(model.config(), model.parameters());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Body and pooler of a size, for example {@code nano}, with another vocabulary.
   *
   * @throws IllegalArgumentException if there is no such size
   */
  public static BenchmarkModel encoder(String size, int vocabularySize) {
    EncoderConfig named = Architectures.of(size);
    EncoderConfig config = named.withVocabularySize(vocabularySize);
    return new BenchmarkModel(config, RandomParameters.encoder(config, SEED));
  }

  /** What a model file holds. */
  public Model toModel() {
    return Model.encoder(config, parameters);
  }

  /** This model with int8 linear layers that compute the scale of their input for every token. */
  public BenchmarkModel int8() {
    Model model = toModel();
    Model int8 = ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), Map.of());
    return new BenchmarkModel(int8.config(), int8.parameters());
  }

  /** This model with matrices in bfloat16. */
  public BenchmarkModel bfloat16() {
    Model model = ModelPrecision.of(toModel(), WeightType.BFLOAT16);
    return new BenchmarkModel(model.config(), model.parameters());
  }

  /** Body and pooler with the two classifiers of the joint intent and slot model. */
  public static BenchmarkModel joint(EncoderConfig config) {
    ParameterStore store = RandomParameters.encoder(config, SEED);
    RandomParameters heads = new RandomParameters(SEED + 1);
    heads.linear(store, HeadNames.INTENT_CLASSIFIER, config.hiddenSize(), JointBatch.INTENTS);
    heads.linear(store, HeadNames.SLOT_CLASSIFIER, config.hiddenSize(), JointBatch.SLOTS);
    return new BenchmarkModel(config, store);
  }
}

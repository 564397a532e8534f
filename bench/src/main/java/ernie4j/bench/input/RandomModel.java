package ernie4j.bench.input;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.head.HeadNames;
import ernie4j.training.model.RandomParameters;
import ernie4j.zoo.Architectures;

/** An encoder of a named size with initial weights. */
public record RandomModel(EncoderConfig config, ParameterStore parameters) {
  private static final long SEED = 20260101;

  /**
   * Body and pooler of a size, for example {@code nano}, with another vocabulary.
   *
   * @throws IllegalArgumentException if there is no such size
   */
  public static RandomModel encoder(String size, int vocabularySize) {
    EncoderConfig named = Architectures.of(size);
    EncoderConfig config = named.withVocabulary(vocabularySize, named.maxPositions());
    return new RandomModel(config, RandomParameters.encoder(config, SEED));
  }

  /** The same with the two classifiers of the joint intent and slot model. */
  public static RandomModel joint(EncoderConfig config) {
    ParameterStore store = RandomParameters.encoder(config, SEED);
    RandomParameters heads = new RandomParameters(SEED + 1);
    heads.linear(store, HeadNames.INTENT_CLASSIFIER, config.hiddenSize(), JointBatch.INTENTS);
    heads.linear(store, HeadNames.SLOT_CLASSIFIER, config.hiddenSize(), JointBatch.SLOTS);
    return new RandomModel(config, store);
  }
}

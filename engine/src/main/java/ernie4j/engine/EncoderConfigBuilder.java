package ernie4j.engine;

import java.util.OptionalInt;

/**
 * Collects the values of an {@link EncoderConfig} by name; {@link EncoderConfig#builder} lists the
 * defaults.
 */
public final class EncoderConfigBuilder {
  private int vocabularySize;
  private int hiddenSize;
  private int layers;
  private int attentionHeads;
  private OptionalInt headSize = OptionalInt.empty();
  private int intermediateSize;
  private int maxPositions;
  private int tokenTypes = 4;
  private int taskTypes;
  private float layerNormEpsilon = 1e-12f;
  private int paddingId;
  private boolean zeroPaddingEmbedding = true;

  EncoderConfigBuilder() {}

  /**
   * Sets the rows of the word embedding.
   *
   * @param value at least 1
   * @return this builder
   */
  public EncoderConfigBuilder vocabularySize(int value) {
    vocabularySize = value;
    return this;
  }

  /**
   * Sets the width of the hidden states.
   *
   * @param value at least 1, a multiple of the heads
   * @return this builder
   */
  public EncoderConfigBuilder hiddenSize(int value) {
    hiddenSize = value;
    return this;
  }

  /**
   * Sets the number of encoder layers.
   *
   * @param value at least 1
   * @return this builder
   */
  public EncoderConfigBuilder layers(int value) {
    layers = value;
    return this;
  }

  /**
   * Sets the number of heads of an unpruned layer.
   *
   * @param value at least 1
   * @return this builder
   */
  public EncoderConfigBuilder attentionHeads(int value) {
    attentionHeads = value;
    return this;
  }

  /**
   * Sets the columns of one head.
   *
   * @param value at least 1; by default the hidden size divided by the heads
   * @return this builder
   */
  public EncoderConfigBuilder headSize(int value) {
    headSize = OptionalInt.of(value);
    return this;
  }

  /**
   * Sets the width of an unpruned feed-forward layer.
   *
   * @param value at least 1
   * @return this builder
   */
  public EncoderConfigBuilder intermediateSize(int value) {
    intermediateSize = value;
    return this;
  }

  /**
   * Sets the rows of the position embedding, which limit the length of a sequence.
   *
   * @param value at least 1
   * @return this builder
   */
  public EncoderConfigBuilder maxPositions(int value) {
    maxPositions = value;
    return this;
  }

  /**
   * Sets the rows of the token type embedding.
   *
   * @param value at least 1; by default 4
   * @return this builder
   */
  public EncoderConfigBuilder tokenTypes(int value) {
    tokenTypes = value;
    return this;
  }

  /**
   * Sets the rows of the task type embedding.
   *
   * @param value 0, the default, for none
   * @return this builder
   */
  public EncoderConfigBuilder taskTypes(int value) {
    taskTypes = value;
    return this;
  }

  /**
   * Sets the epsilon of all layer norms.
   *
   * @param value finite, at least 0; by default 1e-12
   * @return this builder
   */
  public EncoderConfigBuilder layerNormEpsilon(float value) {
    layerNormEpsilon = value;
    return this;
  }

  /**
   * Sets the id of padding, which attention does not see.
   *
   * @param value an id; by default 0
   * @return this builder
   */
  public EncoderConfigBuilder paddingId(int value) {
    paddingId = value;
    return this;
  }

  /**
   * Sets whether padding is looked up as a zero vector.
   *
   * @param value true, the default, as in Paddle; false as in BERT
   * @return this builder
   */
  public EncoderConfigBuilder zeroPaddingEmbedding(boolean value) {
    zeroPaddingEmbedding = value;
    return this;
  }

  /**
   * Builds the configuration.
   *
   * @return the configuration
   * @throws IllegalArgumentException if a size is missing or not positive, or heads and hidden size
   *     do not agree
   */
  public EncoderConfig build() {
    return new EncoderConfig(
        vocabularySize,
        hiddenSize,
        layers,
        attentionHeads,
        headSize.orElse(hiddenSize / Math.max(1, attentionHeads)),
        intermediateSize,
        maxPositions,
        tokenTypes,
        taskTypes,
        layerNormEpsilon,
        paddingId,
        zeroPaddingEmbedding);
  }
}

package ernie4j.engine;

import java.util.OptionalInt;

/**
 * Collects the values of an {@link EncoderConfig} by name; {@link EncoderConfig#builder} says what
 * it begins with.
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

  /** Rows of the word embedding. */
  public EncoderConfigBuilder vocabularySize(int value) {
    vocabularySize = value;
    return this;
  }

  /** The width of the hidden states. */
  public EncoderConfigBuilder hiddenSize(int value) {
    hiddenSize = value;
    return this;
  }

  /** The number of encoder layers. */
  public EncoderConfigBuilder layers(int value) {
    layers = value;
    return this;
  }

  /** The heads of an unpruned layer. */
  public EncoderConfigBuilder attentionHeads(int value) {
    attentionHeads = value;
    return this;
  }

  /** The columns of one head; hidden size / heads if it is not given. */
  public EncoderConfigBuilder headSize(int value) {
    headSize = OptionalInt.of(value);
    return this;
  }

  /** The width of an unpruned feed-forward layer. */
  public EncoderConfigBuilder intermediateSize(int value) {
    intermediateSize = value;
    return this;
  }

  /** Rows of the position embedding: the longest sequence. */
  public EncoderConfigBuilder maxPositions(int value) {
    maxPositions = value;
    return this;
  }

  /** Rows of the token type embedding. */
  public EncoderConfigBuilder tokenTypes(int value) {
    tokenTypes = value;
    return this;
  }

  /** Rows of the task type embedding, 0 for none. */
  public EncoderConfigBuilder taskTypes(int value) {
    taskTypes = value;
    return this;
  }

  /** The epsilon of all layer norms. */
  public EncoderConfigBuilder layerNormEpsilon(float value) {
    layerNormEpsilon = value;
    return this;
  }

  /** The id of padding. */
  public EncoderConfigBuilder paddingId(int value) {
    paddingId = value;
    return this;
  }

  /** Whether padding is looked up as zeros. */
  public EncoderConfigBuilder zeroPaddingEmbedding(boolean value) {
    zeroPaddingEmbedding = value;
    return this;
  }

  /**
   * The configuration.
   *
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

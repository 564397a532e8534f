package ernie4j.engine;

/**
 * The shape of a BERT-like encoder. ERNIE 3.0 v1 (with task types), v2 (without) and BERT differ
 * only in these values. What width pruning removed shows in the shapes of the parameters, not here.
 *
 * @param vocabularySize rows of the word embedding
 * @param hiddenSize width H of the hidden states
 * @param layers number of encoder layers
 * @param attentionHeads heads of an unpruned layer
 * @param headSize columns of one head; H divided by the heads in every unpruned model
 * @param intermediateSize width F of an unpruned feed-forward layer
 * @param maxPositions rows of the position embedding: the longest sequence
 * @param tokenTypes rows of the token type embedding
 * @param taskTypes rows of the task type embedding (ERNIE v1), 0 if the model has none
 * @param layerNormEpsilon epsilon of all layer norms; 1e-12 in Paddle and in BERT
 * @param paddingId the id that attention does not see unless a batch has its own mask
 * @param zeroPaddingEmbedding whether looking up {@code paddingId} gives a zero vector whatever the
 *     matrix holds (Paddle's {@code padding_idx}); false in BERT
 */
public record EncoderConfig(
    int vocabularySize,
    int hiddenSize,
    int layers,
    int attentionHeads,
    int headSize,
    int intermediateSize,
    int maxPositions,
    int tokenTypes,
    int taskTypes,
    float layerNormEpsilon,
    int paddingId,
    boolean zeroPaddingEmbedding) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a size is not positive, heads and hidden size do not agree,
   *     or the epsilon is negative or not finite
   */
  public EncoderConfig {
    requirePositive("vocabularySize", vocabularySize);
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("layers", layers);
    requirePositive("attentionHeads", attentionHeads);
    requirePositive("headSize", headSize);
    requirePositive("intermediateSize", intermediateSize);
    requirePositive("maxPositions", maxPositions);
    requirePositive("tokenTypes", tokenTypes);
    if (taskTypes < 0) {
      throw new IllegalArgumentException(
          "EncoderConfig: taskTypes must not be negative: " + taskTypes);
    }
    if (attentionHeads * (long) headSize != hiddenSize) {
      throw new IllegalArgumentException(
          String.format(
              "EncoderConfig: hiddenSize %d is not attentionHeads %d x headSize %d",
              hiddenSize, attentionHeads, headSize));
    }
    if (!(layerNormEpsilon >= 0) || Float.isInfinite(layerNormEpsilon)) {
      throw new IllegalArgumentException(
          "EncoderConfig: layerNormEpsilon must be a number from 0 on: " + layerNormEpsilon);
    }
  }

  /**
   * Returns an ERNIE 3.0 v2 encoder with Paddle's usual values: 4 token types, no task types,
   * epsilon 1e-12, padding id 0.
   *
   * @param vocabularySize rows of the word embedding
   * @param hiddenSize width of the hidden states, a multiple of the heads
   * @param layers number of encoder layers
   * @param attentionHeads heads of a layer
   * @param intermediateSize width of the feed-forward layers
   * @param maxPositions rows of the position embedding: the longest sequence
   * @return the configuration
   * @throws IllegalArgumentException if a size is not positive or heads and hidden size do not
   *     agree
   */
  public static EncoderConfig ernie(
      int vocabularySize,
      int hiddenSize,
      int layers,
      int attentionHeads,
      int intermediateSize,
      int maxPositions) {
    return builder()
        .vocabularySize(vocabularySize)
        .hiddenSize(hiddenSize)
        .layers(layers)
        .attentionHeads(attentionHeads)
        .intermediateSize(intermediateSize)
        .maxPositions(maxPositions)
        .build();
  }

  /**
   * Returns a builder with Paddle's usual values for ERNIE 3.0 v2: 4 token types, no task types,
   * epsilon 1e-12, padding id 0, whose embedding is zero. All other sizes must be set, except for
   * the size of a head, which is the hidden size divided by the heads by default.
   *
   * @return a new builder
   */
  public static EncoderConfigBuilder builder() {
    return new EncoderConfigBuilder();
  }

  /** {@return a new builder that starts with the values of this configuration} */
  public EncoderConfigBuilder toBuilder() {
    return builder()
        .vocabularySize(vocabularySize)
        .hiddenSize(hiddenSize)
        .layers(layers)
        .attentionHeads(attentionHeads)
        .headSize(headSize)
        .intermediateSize(intermediateSize)
        .maxPositions(maxPositions)
        .tokenTypes(tokenTypes)
        .taskTypes(taskTypes)
        .layerNormEpsilon(layerNormEpsilon)
        .paddingId(paddingId)
        .zeroPaddingEmbedding(zeroPaddingEmbedding);
  }

  /**
   * Returns this configuration with another number of words.
   *
   * @param newVocabularySize rows of the word embedding, at least 1
   * @return the new configuration
   */
  public EncoderConfig withVocabularySize(int newVocabularySize) {
    return toBuilder().vocabularySize(newVocabularySize).build();
  }

  /**
   * Returns this configuration with another longest sequence.
   *
   * @param newMaxPositions rows of the position embedding, at least 1
   * @return the new configuration
   */
  public EncoderConfig withMaxPositions(int newMaxPositions) {
    return toBuilder().maxPositions(newMaxPositions).build();
  }

  /**
   * Returns this configuration with feed-forward layers of another width.
   *
   * @param newIntermediateSize width of the feed-forward layers, at least 1
   * @return the new configuration
   */
  public EncoderConfig withIntermediateSize(int newIntermediateSize) {
    return toBuilder().intermediateSize(newIntermediateSize).build();
  }

  /**
   * Returns this configuration with another number of task types.
   *
   * @param newTaskTypes rows of the task type embedding, 0 for none
   * @return the new configuration
   */
  public EncoderConfig withTaskTypes(int newTaskTypes) {
    return toBuilder().taskTypes(newTaskTypes).build();
  }

  /**
   * Returns this configuration with another padding id.
   *
   * @param newPaddingId the id that attention does not see
   * @return the new configuration
   */
  public EncoderConfig withPaddingId(int newPaddingId) {
    return toBuilder().paddingId(newPaddingId).build();
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("EncoderConfig: " + name + " must be positive: " + value);
    }
  }
}

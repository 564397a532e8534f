package ernie4j.engine;

/**
 * The shape of a BERT-like encoder. ERNIE 3.0 v1 (with task types), v2 (without) and BERT differ
 * only in these values; what width pruning removed shows in the shapes of the parameters, not here.
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
 * @param layerNormEpsilon 1e-12 in Paddle and in BERT
 * @param paddingId the id that attention does not see unless a batch carries its own mask
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
   * @throws IllegalArgumentException if a size is not positive or heads and hidden size do not
   *     agree
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
   * An ERNIE 3.0 v2 body with Paddle's usual values: no task types, epsilon 1e-12, padding id 0.
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
   * A builder with Paddle's usual values for ERNIE 3.0 v2: 4 token types, no task types, epsilon
   * 1e-12, padding id 0, whose embedding is zero. The other sizes have to be given, except for that
   * of a head, which is the hidden size divided by the heads.
   */
  public static EncoderConfigBuilder builder() {
    return new EncoderConfigBuilder();
  }

  /** A builder that begins with the values of this configuration. */
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

  /** This configuration with another number of words. */
  public EncoderConfig withVocabularySize(int newVocabularySize) {
    return toBuilder().vocabularySize(newVocabularySize).build();
  }

  /** This configuration with another longest sequence. */
  public EncoderConfig withMaxPositions(int newMaxPositions) {
    return toBuilder().maxPositions(newMaxPositions).build();
  }

  /** This configuration with feed-forward layers of another width. */
  public EncoderConfig withIntermediateSize(int newIntermediateSize) {
    return toBuilder().intermediateSize(newIntermediateSize).build();
  }

  /** This configuration with so many task types, 0 for none. */
  public EncoderConfig withTaskTypes(int newTaskTypes) {
    return toBuilder().taskTypes(newTaskTypes).build();
  }

  /** This configuration with another id for padding. */
  public EncoderConfig withPaddingId(int newPaddingId) {
    return toBuilder().paddingId(newPaddingId).build();
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("EncoderConfig: " + name + " must be positive: " + value);
    }
  }
}

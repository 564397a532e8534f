package ernie4j.training.autograd;

/**
 * The weight of each kind of relation in {@link Tape#relationLoss}. The relations between the
 * tokens of a sequence, those of MiniLMv2, get the rest: 1 minus both.
 *
 * @param heads the weight, at least 0, of the relations between the relation heads of a token;
 *     alpha of PaddleNLP's {@code calc_multi_relation_loss}
 * @param samples the weight, at least 0, of the relations between the tokens at the same position
 *     of all sequences; its beta
 */
public record RelationWeights(double heads, double samples) {
  /** Only relations between tokens. */
  public static final RelationWeights TOKENS = new RelationWeights(0, 0);

  /**
   * Checks the weights.
   *
   * @throws IllegalArgumentException if a weight is negative or their sum exceeds 1
   */
  public RelationWeights {
    if (!(heads >= 0 && samples >= 0 && heads + samples <= 1)) {
      throw new IllegalArgumentException(
          "RelationWeights: expected weights from 0 to 1, together at most 1, got %s for heads and %s for samples"
              .formatted(heads, samples));
    }
  }

  /**
   * {@return the weight of the relations between the tokens of a sequence, {@code 1 - heads -
   * samples}}
   */
  public double tokens() {
    return 1 - (heads + samples);
  }
}

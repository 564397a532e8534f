package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;

/** One score for every choice; a question's choices are consecutive sequences of the batch. */
public final class MultipleChoiceHead {
  private final SequenceClassificationHead scorer;

  private MultipleChoiceHead(SequenceClassificationHead scorer) {
    this.scorer = scorer;
  }

  /**
   * The head under Paddle's name {@code classifier}.
   *
   * @throws IllegalArgumentException if it does not have one output
   */
  public static MultipleChoiceHead of(Encoder encoder, ParameterSource parameters) {
    SequenceClassificationHead head = SequenceClassificationHead.of(encoder, parameters);
    if (head.labels() != 1) {
      throw new IllegalArgumentException(
          "MultipleChoiceHead: expected 1 output, the model has " + head.labels());
    }
    return new MultipleChoiceHead(head);
  }

  /**
   * Logits {@code [questions, choices]}.
   *
   * @param choices sequences per question
   * @throws IllegalArgumentException if the batch is not a multiple of it
   */
  public float[] logits(EncoderWorkspace states, int choices) {
    int sequences = states.batch().sequences();
    if (choices < 1 || sequences % choices != 0) {
      throw new IllegalArgumentException(
          "MultipleChoiceHead: expected a multiple of %d sequences, got %d"
              .formatted(choices, sequences));
    }
    return scorer.logits(states);
  }
}

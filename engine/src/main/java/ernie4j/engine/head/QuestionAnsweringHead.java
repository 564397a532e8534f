package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;

/** Where an answer starts and ends: two logits for every token. */
public final class QuestionAnsweringHead {
  private final TokenClassificationHead tokens;

  private QuestionAnsweringHead(TokenClassificationHead tokens) {
    this.tokens = tokens;
  }

  /**
   * The head under Paddle's name {@code classifier}.
   *
   * @throws IllegalArgumentException if it does not have two outputs
   */
  public static QuestionAnsweringHead of(Encoder encoder, ParameterSource parameters) {
    TokenClassificationHead head = TokenClassificationHead.of(encoder, parameters);
    if (head.labels() != 2) {
      throw new IllegalArgumentException(
          "QuestionAnsweringHead: expected 2 outputs (start, end), the model has " + head.labels());
    }
    return new QuestionAnsweringHead(head);
  }

  /** Logits of both ends, one value per token of the batch. */
  public Spans logits(EncoderWorkspace states) {
    float[] both = tokens.logits(states);
    float[] start = new float[both.length / 2];
    float[] end = new float[both.length / 2];
    for (int t = 0; t < start.length; t++) {
      start[t] = both[2 * t];
      end[t] = both[2 * t + 1];
    }
    return new Spans(start, end);
  }

  /**
   * The logits of a batch.
   *
   * @param start one value per token
   * @param end one value per token
   */
  @SuppressWarnings("ArrayRecordComponent") // plain results, never compared
  public record Spans(float[] start, float[] end) {}
}

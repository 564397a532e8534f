package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.Linear;

/** A linear layer on every token's hidden state. */
public final class TokenClassificationHead {
  private final Linear classifier;

  private TokenClassificationHead(Linear classifier) {
    this.classifier = classifier;
  }

  /** The head under Paddle's name {@code classifier}. */
  public static TokenClassificationHead of(Encoder encoder, ParameterSource parameters) {
    return of(encoder, parameters, HeadNames.CLASSIFIER);
  }

  /** The head under another name. */
  public static TokenClassificationHead of(
      Encoder encoder, ParameterSource parameters, String name) {
    int hidden = encoder.config().hiddenSize();
    return new TokenClassificationHead(Linear.of(encoder.kernels(), parameters, hidden, name));
  }

  /** The number of labels. */
  public int labels() {
    return classifier.out();
  }

  /** Logits {@code [tokens, labels]}. */
  public float[] logits(EncoderWorkspace states) {
    return classifier.apply(states.batch().tokens(), states.hidden(), 0, states.hiddenSize());
  }
}

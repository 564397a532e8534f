package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.Linear;

/**
 * A linear layer on the pooled output: classes of a text or a pair, a regression value (one label),
 * or the sentence relation of the pre-training head.
 */
public final class SequenceClassificationHead {
  private final Pooler pooler;
  private final Linear classifier;

  private SequenceClassificationHead(Pooler pooler, Linear classifier) {
    this.pooler = pooler;
    this.classifier = classifier;
  }

  /** The head under Paddle's name {@code classifier}. */
  public static SequenceClassificationHead of(Encoder encoder, ParameterSource parameters) {
    return of(encoder, parameters, HeadNames.CLASSIFIER);
  }

  /** The head under another name, for example {@link HeadNames#SEQUENCE_RELATIONSHIP}. */
  public static SequenceClassificationHead of(
      Encoder encoder, ParameterSource parameters, String name) {
    int hidden = encoder.config().hiddenSize();
    return new SequenceClassificationHead(
        Pooler.of(encoder, parameters), Linear.of(encoder.kernels(), parameters, hidden, name));
  }

  /** The number of labels. */
  public int labels() {
    return classifier.out();
  }

  /** Logits {@code [sequences, labels]}. */
  public float[] logits(EncoderWorkspace states) {
    float[] pooled = pooler.pooled(states);
    int hidden = states.hiddenSize();
    return classifier.apply(states.batch().sequences(), pooled, 0, hidden);
  }
}

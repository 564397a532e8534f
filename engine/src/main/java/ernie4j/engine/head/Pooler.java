package ernie4j.engine.head;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.Linear;
import ernie4j.engine.kernels.Kernels;

/**
 * The pooler: {@code tanh(x W + b)} of the first token of every sequence. Published checkpoints
 * often lack a trained pooler, so it belongs to the heads that need it and not to the encoder.
 */
public final class Pooler {
  private final Kernels kernels;
  private final Linear dense;

  private Pooler(Kernels kernels, Linear dense) {
    this.kernels = kernels;
    this.dense = dense;
  }

  /**
   * Makes the pooler of a model.
   *
   * @param encoder the encoder whose hidden states the head reads
   * @param parameters the weights of the model
   * @return the pooler
   * @throws IllegalArgumentException if the model has no pooler
   */
  public static Pooler of(Encoder encoder, ParameterSource parameters) {
    int hidden = encoder.config().hiddenSize();
    return new Pooler(
        encoder.kernels(), Linear.of(encoder.kernels(), parameters, hidden, ParameterNames.POOLER));
  }

  /**
   * Computes the pooled output of a batch.
   *
   * @param states a workspace after a forward pass
   * @return {@code [sequences, hidden]}, row-major; a new array
   */
  public float[] pooled(EncoderWorkspace states) {
    int hidden = states.hiddenSize();
    float[] first = firstTokens(states);
    float[] pooled = dense.apply(first.length / hidden, first, 0, hidden);
    kernels.tanh(pooled.length, pooled, 0, pooled, 0);
    return pooled;
  }

  /** The hidden state of every sequence's first token, {@code [sequences, hidden]}. */
  static float[] firstTokens(EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    int hidden = states.hiddenSize();
    float[] first = new float[batch.sequences() * hidden];
    for (int s = 0; s < batch.sequences(); s++) {
      System.arraycopy(states.hidden(), batch.start(s) * hidden, first, s * hidden, hidden);
    }
    return first;
  }
}

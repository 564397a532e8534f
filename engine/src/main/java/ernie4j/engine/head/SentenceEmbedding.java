package ernie4j.engine.head;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.EncoderWorkspace;
import java.util.Locale;

/** How the hidden states of a text's tokens become one vector. */
public enum SentenceEmbedding {
  /** The hidden state of the first token ([CLS]). */
  CLS,
  /** The mean of all hidden states, [CLS] and [SEP] included. */
  MEAN,
  /** The greatest value of each column, [CLS] and [SEP] included. */
  MAX;

  /** {@return the name in the options of a model: {@code cls}, {@code mean} or {@code max}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Pools the hidden states of a batch.
   *
   * @param states a workspace after a forward pass
   * @return one vector per sequence, {@code [sequences, hidden]}, row-major; a new array
   */
  public float[] pool(EncoderWorkspace states) {
    return switch (this) {
      case CLS -> Pooler.firstTokens(states);
      case MEAN -> means(states);
      case MAX -> maxima(states);
    };
  }

  private static float[] means(EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    int hidden = states.hiddenSize();
    float[] means = new float[batch.sequences() * hidden];
    for (int s = 0; s < batch.sequences(); s++) {
      for (int j = 0; j < hidden; j++) {
        double sum = 0;
        for (int i = 0; i < batch.length(s); i++) {
          sum += states.hidden()[(batch.start(s) + i) * hidden + j];
        }
        means[s * hidden + j] = (float) (sum / batch.length(s));
      }
    }
    return means;
  }

  private static float[] maxima(EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    int hidden = states.hiddenSize();
    float[] maxima = Pooler.firstTokens(states);
    for (int s = 0; s < batch.sequences(); s++) {
      for (int i = 1; i < batch.length(s); i++) {
        for (int j = 0; j < hidden; j++) {
          float value = states.hidden()[(batch.start(s) + i) * hidden + j];
          maxima[s * hidden + j] = Math.max(maxima[s * hidden + j], value);
        }
      }
    }
    return maxima;
  }
}

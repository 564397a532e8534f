package ernie4j.engine.head;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.EncoderWorkspace;

/** One vector of length 1 for a text, from the hidden states of its tokens. */
public enum SentenceEmbedding {
  /** The hidden state of the first token ([CLS]). */
  CLS,
  /** The mean of all hidden states, [CLS] and [SEP] included. */
  MEAN;

  /** The embeddings {@code [sequences, hidden]}, each divided by its Euclidean length. */
  public float[] embed(EncoderWorkspace states) {
    int hidden = states.hiddenSize();
    float[] vectors = this == CLS ? Pooler.firstTokens(states) : means(states);
    for (int from = 0; from < vectors.length; from += hidden) {
      normalise(vectors, from, hidden);
    }
    return vectors;
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

  private static void normalise(float[] vectors, int from, int length) {
    double squares = 0;
    for (int j = from; j < from + length; j++) {
      squares += (double) vectors[j] * vectors[j];
    }
    // A zero vector has no direction; it stays zero instead of becoming NaN.
    float factor = squares == 0 ? 0f : (float) (1 / Math.sqrt(squares));
    for (int j = from; j < from + length; j++) {
      vectors[j] *= factor;
    }
  }
}

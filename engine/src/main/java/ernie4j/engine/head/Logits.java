package ernie4j.engine.head;

/** What a row of logits says: the most likely class and the probability of one. */
public final class Logits {
  private Logits() {}

  /** The index, from 0, of the largest of {@code n} values; the first of several. */
  public static int argmax(float[] logits, int offset, int n) {
    int best = 0;
    for (int j = 1; j < n; j++) {
      if (logits[offset + j] > logits[offset + best]) {
        best = j;
      }
    }
    return best;
  }

  /** The probability of a label that does not exclude others, {@code 1 / (1 + exp(-x))}. */
  public static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /** The softmax probability of one of {@code n} classes. */
  public static double probability(float[] logits, int offset, int n, int chosen) {
    return probabilities(logits, offset, n)[chosen];
  }

  /**
   * The softmax probabilities of all {@code n} classes; all NaN if every logit is minus infinity,
   * or one is infinity or NaN.
   */
  public static double[] probabilities(float[] logits, int offset, int n) {
    double max = logits[offset + argmax(logits, offset, n)];
    double[] probabilities = new double[n];
    double sum = 0;
    for (int j = 0; j < n; j++) {
      probabilities[j] = Math.exp(logits[offset + j] - max);
      sum += probabilities[j];
    }
    for (int j = 0; j < n; j++) {
      probabilities[j] /= sum;
    }
    return probabilities;
  }
}

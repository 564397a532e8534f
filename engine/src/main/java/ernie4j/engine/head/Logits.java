package ernie4j.engine.head;

/** Functions of a row of logits: the most likely class and probabilities. */
public final class Logits {
  private Logits() {}

  /**
   * Returns the most likely class.
   *
   * @param logits the array with the row
   * @param offset index of the first logit of the row
   * @param n the number of classes, at least 1
   * @return the index of the largest value, from 0; the first of equal ones
   */
  public static int argmax(float[] logits, int offset, int n) {
    int best = 0;
    for (int j = 1; j < n; j++) {
      if (logits[offset + j] > logits[offset + best]) {
        best = j;
      }
    }
    return best;
  }

  /**
   * Returns the most likely class of each of several rows.
   *
   * @param logits {@code [rows, n]}
   * @param from the first row, from 0
   * @param to the row after the last one
   * @param n the number of classes, at least 1
   * @return the index of the largest value of each row, from 0; the first of equal ones
   */
  public static int[] argmaxOfRows(float[] logits, int from, int to, int n) {
    int[] best = new int[to - from];
    for (int t = 0; t < best.length; t++) {
      best[t] = argmax(logits, (from + t) * n, n);
    }
    return best;
  }

  /**
   * Returns the probability of a label that does not exclude others, {@code 1 / (1 + exp(-x))}.
   *
   * @param logit the logit of the label
   * @return the probability, from 0 to 1
   */
  public static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /**
   * Returns the softmax probability of one class.
   *
   * @param logits the array with the row
   * @param offset index of the first logit of the row
   * @param n the number of classes, at least 1
   * @param chosen index of the class, from 0
   * @return its probability, from 0 to 1
   */
  public static double probability(float[] logits, int offset, int n, int chosen) {
    return probabilities(logits, offset, n)[chosen];
  }

  /**
   * Returns the softmax probabilities of all classes.
   *
   * @param logits the array with the row
   * @param offset index of the first logit of the row
   * @param n the number of classes, at least 1
   * @return the probabilities, {@code [n]}, which sum to 1; all NaN if every logit is minus
   *     infinity, or one is infinity or NaN
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

package ernie4j.training.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How often each label was expected and predicted, and the metrics that follow from it, in percent.
 */
public final class ConfusionMatrix {
  private final List<String> labels;
  private final long[][] counts;

  /** How often each label was expected but nothing was predicted. */
  private final long[] unanswered;

  /**
   * An empty matrix over the given labels.
   *
   * @param labels the names of the labels
   */
  public ConfusionMatrix(List<String> labels) {
    this.labels = List.copyOf(labels);
    counts = new long[labels.size()][labels.size()];
    unanswered = new long[labels.size()];
  }

  /**
   * Counts one example.
   *
   * @param expected the index of the right label
   * @param predicted the index of the predicted label
   */
  public void add(int expected, int predicted) {
    Objects.checkIndex(predicted, labels.size());
    counts[Objects.checkIndex(expected, labels.size())][predicted]++;
  }

  /**
   * Counts one example without a prediction, which is wrong.
   *
   * @param expected the index of the right label
   */
  public void addUnanswered(int expected) {
    unanswered[Objects.checkIndex(expected, labels.size())]++;
  }

  /** {@return the names of the labels, unmodifiable} */
  public List<String> labels() {
    return labels;
  }

  /**
   * Counts the examples of one label that were given another, or the same.
   *
   * @param expected the index of the right label
   * @param predicted the index of the predicted label
   * @return the number of examples
   */
  public long count(int expected, int predicted) {
    return counts[expected][predicted];
  }

  /**
   * Counts the examples of a label.
   *
   * @param label the index of the label
   * @return the number of examples whose right label it is
   */
  public long expected(int label) {
    long sum = unanswered[label];
    for (long count : counts[label]) {
      sum += count;
    }
    return sum;
  }

  /**
   * Counts the examples that were given a label.
   *
   * @param label the index of the label
   * @return the number of examples for which it was predicted
   */
  public long predicted(int label) {
    long sum = 0;
    for (long[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  /** {@return the number of examples} */
  public long total() {
    long sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += expected(label);
    }
    return sum;
  }

  private long right() {
    long sum = 0;
    for (int label = 0; label < counts.length; label++) {
      sum += counts[label][label];
    }
    return sum;
  }

  /** {@return the percentage of examples that were given their label; 0 without examples} */
  public double accuracy() {
    return 100.0 * right() / Math.max(1, total());
  }

  /**
   * The mean of {@code 2 right / (expected + predicted)} over the labels that are expected or
   * predicted at all. Every such label has the same weight, however frequent it is.
   *
   * @return from 0 to 100
   */
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int label = 0; label < counts.length; label++) {
      long both = expected(label) + predicted(label);
      if (both > 0) {
        sum += 2.0 * counts[label][label] / both;
        present++;
      }
    }
    return 100 * sum / Math.max(1, present);
  }

  /**
   * The Matthews correlation of expected and predicted labels, times 100, for any number of labels
   * (Gorodkin 2004, {@code R_K}): 100 if all are right, 0 for guesses, below 0 for worse.
   *
   * @return from -100 to 100; 0 if all expected or all predicted labels are the same
   */
  public double matthews() {
    double n = total();
    double products = 0;
    double expectedSquares = 0;
    double predictedSquares = 0;
    for (int label = 0; label < counts.length; label++) {
      double e = expected(label);
      double p = predicted(label);
      products += e * p;
      expectedSquares += e * e;
      predictedSquares += p * p;
    }
    // "No prediction" is a class of its own that is never expected.
    double none = Arrays.stream(unanswered).sum();
    predictedSquares += none * none;
    double divisor = Math.sqrt((n * n - expectedSquares) * (n * n - predictedSquares));
    return divisor == 0 ? 0 : 100 * (n * right() - products) / divisor;
  }
}

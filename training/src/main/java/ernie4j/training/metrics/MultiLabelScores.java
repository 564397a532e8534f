package ernie4j.training.metrics;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well sets of labels were found, in percent. While no text has a label, every metric is 0:
 * texts that nobody has labelled must not look like perfect results.
 */
public final class MultiLabelScores {
  private final List<String> labels;
  private final long[] expected;
  private final long[] predicted;
  private final long[] right;
  private long texts;
  private long exact;

  /** Nothing counted yet, over the given labels. */
  public MultiLabelScores(List<String> labels) {
    this.labels = List.copyOf(labels);
    expected = new long[labels.size()];
    predicted = new long[labels.size()];
    right = new long[labels.size()];
  }

  /**
   * Counts one text.
   *
   * @param expectedLabels the names of the labels that apply; duplicates count once
   * @param predictedLabels the names of those that were found to
   * @throws IllegalArgumentException if a name is not one of the labels
   */
  public void add(Collection<String> expectedLabels, Collection<String> predictedLabels) {
    Set<Integer> wanted = indices(expectedLabels);
    Set<Integer> found = indices(predictedLabels);
    texts++;
    exact += wanted.equals(found) ? 1 : 0;
    wanted.forEach(label -> expected[label]++);
    found.forEach(label -> predicted[label]++);
    found.retainAll(wanted);
    found.forEach(label -> right[label]++);
  }

  /**
   * Counts one text that could not be read: it is wrong, also if no label applies to it.
   *
   * @throws IllegalArgumentException if a name is not one of the labels
   */
  public void addUnanswered(Collection<String> expectedLabels) {
    indices(expectedLabels).forEach(label -> expected[label]++);
    texts++;
  }

  private Set<Integer> indices(Collection<String> names) {
    Set<Integer> indices = new HashSet<>();
    for (String name : names) {
      int index = labels.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException(
            "MultiLabelScores: expected one of the labels %s, got '%s'".formatted(labels, name));
      }
      indices.add(index);
    }
    return indices;
  }

  public List<String> labels() {
    return labels;
  }

  /** The number of texts. */
  public long texts() {
    return texts;
  }

  /** The number of texts to which a label applies. */
  public long expected(int label) {
    return expected[label];
  }

  /** The number of texts for which a label was predicted. */
  public long predicted(int label) {
    return predicted[label];
  }

  /** The number of texts for which a label was predicted and applies. */
  public long right(int label) {
    return right[label];
  }

  /** Percent of the predictions of a label that are right; 0 if there are none. */
  public double precision(int label) {
    return share(right[label], predicted[label]);
  }

  /** Percent of the texts with a label for which it was predicted; 0 if there are none. */
  public double recall(int label) {
    return share(right[label], expected[label]);
  }

  /** Harmonic mean of both; 0 if the label was never right. */
  public double f1(int label) {
    return share(2 * right[label], expected[label] + predicted[label]);
  }

  /** Percent of all predicted labels that are right; 0 if there are none. */
  public double microPrecision() {
    return share(sum(right), sum(predicted));
  }

  /** Percent of all expected labels that were predicted; 0 if there are none. */
  public double microRecall() {
    return share(sum(right), sum(expected));
  }

  /** Harmonic mean of micro precision and recall; 0 if no label was ever right. */
  public double microF1() {
    return share(2 * sum(right), sum(expected) + sum(predicted));
  }

  /**
   * The mean F1 of the labels that are expected or predicted at all, as in {@link
   * ConfusionMatrix#macroF1}, each counting the same however frequent it is.
   */
  public double macroF1() {
    double sum = 0;
    int present = 0;
    for (int label = 0; label < labels.size(); label++) {
      sum += f1(label);
      present += expected[label] + predicted[label] > 0 ? 1 : 0;
    }
    return sum / Math.max(1, present);
  }

  /**
   * Percent of the texts for which exactly the labels that apply were predicted, also if none
   * applies to that text; but 0 while no text has any label.
   */
  public double exactMatch() {
    return sum(expected) == 0 ? 0 : share(exact, texts);
  }

  private static double share(long part, long all) {
    return 100.0 * part / Math.max(1, all);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}

package ernie4j.training.metrics;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well sets of labels were predicted, in percent. While no text has a label, every metric is 0,
 * so that unlabelled texts do not look like perfect results.
 */
public final class MultiLabelScores {
  private final List<String> labels;
  private final long[] expected;
  private final long[] predicted;
  private final long[] right;
  private long texts;
  private long exact;

  /**
   * Metrics over the given labels, with nothing counted yet.
   *
   * @param labels the names of the labels
   */
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
   * @param predictedLabels the names of the labels that were predicted; duplicates count once
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
   * Counts one text that could not be read. It is wrong even if no label applies to it.
   *
   * @param expectedLabels the names of the labels that apply
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

  /** {@return the names of the labels, unmodifiable} */
  public List<String> labels() {
    return labels;
  }

  /** {@return the number of texts} */
  public long texts() {
    return texts;
  }

  /**
   * Counts the texts to which a label applies.
   *
   * @param label the index of the label
   * @return the number of texts
   */
  public long expected(int label) {
    return expected[label];
  }

  /**
   * Counts the texts for which a label was predicted.
   *
   * @param label the index of the label
   * @return the number of texts
   */
  public long predicted(int label) {
    return predicted[label];
  }

  /**
   * Counts the texts for which a label was predicted and applies.
   *
   * @param label the index of the label
   * @return the number of texts
   */
  public long right(int label) {
    return right[label];
  }

  /**
   * The percentage of the predictions of a label that are right.
   *
   * @param label the index of the label
   * @return from 0 to 100; 0 if it was never predicted
   */
  public double precision(int label) {
    return share(right[label], predicted[label]);
  }

  /**
   * The percentage of the texts with a label for which it was predicted.
   *
   * @param label the index of the label
   * @return from 0 to 100; 0 if there are no such texts
   */
  public double recall(int label) {
    return share(right[label], expected[label]);
  }

  /**
   * The harmonic mean of precision and recall of a label.
   *
   * @param label the index of the label
   * @return from 0 to 100; 0 if it was never right
   */
  public double f1(int label) {
    return share(2 * right[label], expected[label] + predicted[label]);
  }

  /** {@return the percentage of all predicted labels that are right; 0 if there are none} */
  public double microPrecision() {
    return share(sum(right), sum(predicted));
  }

  /** {@return the percentage of all expected labels that were predicted; 0 if there are none} */
  public double microRecall() {
    return share(sum(right), sum(expected));
  }

  /** {@return the harmonic mean of micro precision and recall; 0 if no label was ever right} */
  public double microF1() {
    return share(2 * sum(right), sum(expected) + sum(predicted));
  }

  /**
   * The mean F1 of the labels that are expected or predicted at all, as in {@link
   * ConfusionMatrix#macroF1}. Every such label has the same weight, however frequent it is.
   *
   * @return from 0 to 100
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
   * The percentage of texts for which exactly the right labels were predicted, which may be none.
   *
   * @return from 0 to 100; 0 while no text has any label
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

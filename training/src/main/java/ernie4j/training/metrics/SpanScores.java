package ernie4j.training.metrics;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Precision, recall and F1 of spans, in percent, over all texts together. A predicted span is right
 * only if there is an equal expected one: same type, same start, same end (strict, like conlleval).
 */
public final class SpanScores {
  private long expected;
  private long predicted;
  private long right;

  /** Metrics with nothing counted yet. */
  public SpanScores() {}

  /**
   * Counts the spans of one text.
   *
   * @param expectedSpans any values whose equality decides whether a span is right; duplicates
   *     count once
   * @param predictedSpans likewise
   */
  public void add(Collection<?> expectedSpans, Collection<?> predictedSpans) {
    Set<Object> wanted = new HashSet<>(expectedSpans);
    Set<Object> found = new HashSet<>(predictedSpans);
    expected += wanted.size();
    predicted += found.size();
    found.retainAll(wanted);
    right += found.size();
  }

  /** {@return the number of spans that were expected} */
  public long expected() {
    return expected;
  }

  /** {@return the number of spans that were predicted} */
  public long predicted() {
    return predicted;
  }

  /** {@return the percentage of the predicted spans that are right; 0 if there are none} */
  public double precision() {
    return 100.0 * right / Math.max(1, predicted);
  }

  /** {@return the percentage of the expected spans that were found; 0 if there are none} */
  public double recall() {
    return 100.0 * right / Math.max(1, expected);
  }

  /**
   * The harmonic mean of precision and recall. It is 0 if no span is right, even if none is
   * expected and none predicted, so that untagged texts do not look like perfect results.
   *
   * @return from 0 to 100
   */
  public double f1() {
    return 200.0 * right / Math.max(1, expected + predicted);
  }

  /**
   * The F1 of one text. Unlike {@link #f1()}, it is 1 if no span is expected and none predicted,
   * because such a text was read correctly.
   *
   * @param expectedSpans any values whose equality decides whether a span is right
   * @param predictedSpans likewise
   * @return from 0 to 1
   */
  public static double ofText(Collection<?> expectedSpans, Collection<?> predictedSpans) {
    if (expectedSpans.isEmpty() && predictedSpans.isEmpty()) {
      return 1;
    }
    SpanScores scores = new SpanScores();
    scores.add(expectedSpans, predictedSpans);
    return scores.f1() / 100;
  }
}

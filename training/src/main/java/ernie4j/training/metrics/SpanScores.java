package ernie4j.training.metrics;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Precision, recall and F1 of spans, in percent, over all texts together. A predicted span is right
 * only if there is an equal expected one: same type, same start, same end (strict, as conlleval).
 */
public final class SpanScores {
  private long expected;
  private long predicted;
  private long right;

  /**
   * Counts the spans of one text.
   *
   * @param expectedSpans any values whose equality says that a span is right; duplicates count once
   */
  public void add(Collection<?> expectedSpans, Collection<?> predictedSpans) {
    Set<Object> wanted = new HashSet<>(expectedSpans);
    Set<Object> found = new HashSet<>(predictedSpans);
    expected += wanted.size();
    predicted += found.size();
    found.retainAll(wanted);
    right += found.size();
  }

  /** The number of spans that were expected. */
  public long expected() {
    return expected;
  }

  /** The number of spans that were predicted. */
  public long predicted() {
    return predicted;
  }

  /** Percent of the predicted spans that are right; 0 if there are none. */
  public double precision() {
    return 100.0 * right / Math.max(1, predicted);
  }

  /** Percent of the expected spans that were found; 0 if there are none. */
  public double recall() {
    return 100.0 * right / Math.max(1, expected);
  }

  /**
   * Harmonic mean of both; 0 if none is right, also where no span is expected and none predicted:
   * texts that nobody has tagged must not look like perfect results.
   */
  public double f1() {
    return 200.0 * right / Math.max(1, expected + predicted);
  }

  /**
   * F1 of one text, from 0 to 1. Unlike {@link #f1()}, it is 1 if no span is expected and none
   * predicted: such a text was read right.
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

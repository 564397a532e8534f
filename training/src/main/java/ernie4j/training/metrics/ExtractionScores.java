package ernie4j.training.metrics;

import ernie4j.pipeline.SpanPairing;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Precision, recall and F1 of extracted spans, in percent, over all prompts together, as the
 * reference counts them: starts and ends are paired as {@link SpanPairing} does, a span is right if
 * both of its ends are, and as many spans are expected as there are starts or ends, whichever are
 * more. So answers that overlap others, which no pairing gives back, count as missed.
 */
public final class ExtractionScores {
  private static final double HALF = 0.5;

  private long expected;
  private long predicted;
  private long right;

  /**
   * Counts the answers to one prompt. All four have a value for every place (a token or a
   * character): above 0.5 if a span begins, or ends, there.
   *
   * @param predictedEnds the place of the last token or character, not the one behind it
   * @throws IllegalArgumentException if starts and ends have different lengths
   */
  public void add(
      double[] expectedStarts,
      double[] expectedEnds,
      double[] predictedStarts,
      double[] predictedEnds) {
    List<SpanPairing> wanted = SpanPairing.of(expectedStarts, expectedEnds, HALF);
    Set<SpanPairing> found = new HashSet<>(SpanPairing.of(predictedStarts, predictedEnds, HALF));
    predicted += found.size();
    expected +=
        Math.max(SpanPairing.count(expectedStarts, HALF), SpanPairing.count(expectedEnds, HALF));
    found.retainAll(wanted);
    right += found.size();
  }

  /** Adds what others have counted. */
  public void add(ExtractionScores others) {
    expected += others.expected;
    predicted += others.predicted;
    right += others.right;
  }

  /** The number of spans that were expected. */
  public long expected() {
    return expected;
  }

  /** The number of spans that were predicted. */
  public long predicted() {
    return predicted;
  }

  /** How many of the predicted spans are right. */
  public long right() {
    return right;
  }

  /** Percent of the predicted spans that are right; 0 if there are none. */
  public double precision() {
    return 100.0 * right / Math.max(1, predicted);
  }

  /** Percent of the expected spans that were found; 0 if there are none. */
  public double recall() {
    return 100.0 * right / Math.max(1, expected);
  }

  /** Harmonic mean of both; 0 if none is right. */
  public double f1() {
    return 200.0 * right / Math.max(1, expected + predicted);
  }
}

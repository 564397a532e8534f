package ernie4j.training.metrics;

import ernie4j.pipeline.SpanPairing;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Precision, recall and F1 of extracted spans, in percent, over all prompts together, counted as in
 * the reference: starts and ends are paired as {@link SpanPairing} does, a span is right if both of
 * its ends are, and the number of expected spans is the number of starts or of ends, whichever is
 * larger. Answers that overlap others, which no pairing returns, therefore count as missed.
 */
public final class ExtractionScores {
  private static final double HALF = 0.5;

  private long expected;
  private long predicted;
  private long right;

  /** Metrics with nothing counted yet. */
  public ExtractionScores() {}

  /**
   * Counts the answers to one prompt. All four arrays have one value per position (token or
   * character), above 0.5 if a span begins or ends there.
   *
   * @param expectedStarts where the right spans begin
   * @param expectedEnds where the right spans end: their last token or character, not the one after
   *     it
   * @param predictedStarts where the predicted spans begin
   * @param predictedEnds where the predicted spans end, likewise
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

  /**
   * Adds the counts of another object.
   *
   * @param others counts over other prompts; not changed
   */
  public void add(ExtractionScores others) {
    expected += others.expected;
    predicted += others.predicted;
    right += others.right;
  }

  /** {@return the number of spans that were expected} */
  public long expected() {
    return expected;
  }

  /** {@return the number of spans that were predicted} */
  public long predicted() {
    return predicted;
  }

  /** {@return how many of the predicted spans are right} */
  public long right() {
    return right;
  }

  /** {@return the percentage of the predicted spans that are right; 0 if there are none} */
  public double precision() {
    return 100.0 * right / Math.max(1, predicted);
  }

  /** {@return the percentage of the expected spans that were found; 0 if there are none} */
  public double recall() {
    return 100.0 * right / Math.max(1, expected);
  }

  /** {@return the harmonic mean of precision and recall; 0 if no span is right} */
  public double f1() {
    return 200.0 * right / Math.max(1, expected + predicted);
  }
}

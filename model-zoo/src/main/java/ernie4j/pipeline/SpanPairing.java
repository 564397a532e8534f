package ernie4j.pipeline;

import ernie4j.engine.head.Logits;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes spans of the probabilities that a span begins or ends at a token, as UIE does. Which tokens
 * are paired follows from their order alone: every end takes the nearest start before or at it
 * unless another end lies between them. So the spans of one prompt never overlap. Starts after the
 * last end and ends without a start are dropped.
 *
 * @param first the index of the span's first token
 * @param last the index of its last token, at least {@code first}
 */
public record SpanPairing(int first, int last) {
  /**
   * Pairs the starts and ends of one sequence.
   *
   * @param starts for every token the probability that a span begins there, [tokens]
   * @param ends for every token the probability that one ends there, [tokens]
   * @param threshold a token counts if its probability is greater, not if it is equal
   * @return the spans, ascending
   * @throws IllegalArgumentException if there are not as many ends as starts
   */
  public static List<SpanPairing> of(double[] starts, double[] ends, double threshold) {
    if (starts.length != ends.length) {
      throw new IllegalArgumentException(
          String.format(
              "spans: expected as many ends as starts, got %d and %d", starts.length, ends.length));
    }
    List<SpanPairing> spans = new ArrayList<>();
    int start = -1;
    for (int token = 0; token < starts.length; token++) {
      if (starts[token] > threshold) {
        start = token;
      }
      if (ends[token] > threshold && start >= 0) {
        spans.add(new SpanPairing(start, token));
        start = -1;
      }
    }
    return spans;
  }

  /**
   * Converts the logits of one output to probabilities (sigmoid).
   *
   * @param logits one for each token, [tokens]
   * @return the probabilities from 0 to 1, [tokens]
   */
  public static double[] probabilities(float[] logits) {
    double[] probabilities = new double[logits.length];
    for (int token = 0; token < logits.length; token++) {
      probabilities[token] = Logits.sigmoid(logits[token]);
    }
    return probabilities;
  }

  /**
   * Counts the tokens whose probability exceeds a threshold, as {@link #of} does.
   *
   * @param probabilities one for each token, [tokens]
   * @param threshold from 0 to 1
   * @return how many probabilities are greater than the threshold
   */
  public static int count(double[] probabilities, double threshold) {
    int count = 0;
    for (double probability : probabilities) {
      if (probability > threshold) {
        count++;
      }
    }
    return count;
  }
}

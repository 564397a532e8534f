package ernie4j.training.metrics;

import java.util.Arrays;

/**
 * How closely predicted scores follow the expected ones. Correlations are times 100: 100 if one
 * rises with the other, 0 if they have nothing to do with each other, -100 if one falls as the
 * other rises. They are 0 if all expected or all predicted scores are equal, for then nothing can
 * follow from them, and so without scores or with one pair.
 */
public final class Correlations {
  private double[] expected = new double[64];
  private double[] predicted = new double[64];
  private int count;

  /**
   * Counts one pair of scores.
   *
   * @throws IllegalArgumentException if one is not a finite number
   */
  public void add(double expectedScore, double predictedScore) {
    if (!Double.isFinite(expectedScore) || !Double.isFinite(predictedScore)) {
      throw new IllegalArgumentException(
          "Correlations: expected finite scores, got %s expected and %s predicted"
              .formatted(expectedScore, predictedScore));
    }
    if (count == expected.length) {
      expected = Arrays.copyOf(expected, 2 * count);
      predicted = Arrays.copyOf(predicted, 2 * count);
    }
    expected[count] = expectedScore;
    predicted[count++] = predictedScore;
  }

  /** The number of pairs. */
  public int count() {
    return count;
  }

  /** Pearson's correlation, of the scores themselves, times 100. */
  public double pearson() {
    return 100 * correlation(Arrays.copyOf(expected, count), Arrays.copyOf(predicted, count));
  }

  /**
   * Spearman's correlation, of the scores' ranks, times 100; equal scores share their mean rank.
   */
  public double spearman() {
    return 100 * correlation(ranks(expected), ranks(predicted));
  }

  /** The mean squared difference of predicted and expected scores, not times 100; 0 without any. */
  public double meanSquaredError() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double difference = predicted[i] - expected[i];
      sum += difference * difference;
    }
    return sum / Math.max(1, count);
  }

  private static double correlation(double[] x, double[] y) {
    if (isConstant(x) || isConstant(y)) {
      return 0;
    }
    center(x);
    center(y);
    double products = 0;
    double xSquares = 0;
    double ySquares = 0;
    for (int i = 0; i < x.length; i++) {
      products += x[i] * y[i];
      xSquares += x[i] * x[i];
      ySquares += y[i] * y[i];
    }
    double correlation = products / (Math.sqrt(xSquares) * Math.sqrt(ySquares));
    return Math.max(-1, Math.min(1, correlation));
  }

  /** Compared and not left to the deviations, which rounding of the mean keeps from being 0. */
  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }

  /** Subtracts the mean, after a division by a power of two so that no square overflows. */
  private static void center(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(1);
    int exponent = Math.getExponent(largest);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.scalb(values[i], -exponent);
      sum += values[i];
    }
    double mean = sum / values.length;
    for (int i = 0; i < values.length; i++) {
      values[i] -= mean;
    }
  }

  private double[] ranks(double[] values) {
    double[] sorted = Arrays.copyOf(values, count);
    for (int i = 0; i < count; i++) {
      sorted[i] += 0.0; // -0 sorts before 0, but they are equal
    }
    double[] scores = sorted.clone();
    Arrays.sort(sorted);
    double[] meanRank = new double[count];
    for (int from = 0; from < count; ) {
      int to = from + 1;
      while (to < count && sorted[to] == sorted[from]) {
        to++;
      }
      Arrays.fill(meanRank, from, to, (from + 1 + to) / 2.0);
      from = to;
    }
    double[] ranks = new double[count];
    for (int i = 0; i < count; i++) {
      ranks[i] = meanRank[Arrays.binarySearch(sorted, scores[i])];
    }
    return ranks;
  }
}

package ernie4j.training.metrics;

import java.util.Arrays;

/**
 * How closely predicted scores follow the expected ones. Correlations are multiplied by 100: 100 if
 * one rises with the other, 0 if they are unrelated, -100 if one falls as the other rises. They are
 * 0 if all expected or all predicted scores are equal, because then nothing can be concluded, and
 * also with fewer than two pairs.
 */
public final class Correlations {
  private double[] expected = new double[64];
  private double[] predicted = new double[64];
  private int count;

  /** Metrics with nothing counted yet. */
  public Correlations() {}

  /**
   * Counts one pair of scores.
   *
   * @param expectedScore the right score
   * @param predictedScore the score that a model predicted
   * @throws IllegalArgumentException if a score is not a finite number
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

  /** {@return the number of pairs} */
  public int count() {
    return count;
  }

  /**
   * Pearson's correlation, which is that of the scores themselves.
   *
   * @return from -100 to 100
   */
  public double pearson() {
    return 100 * correlation(Arrays.copyOf(expected, count), Arrays.copyOf(predicted, count));
  }

  /**
   * Spearman's correlation, which is that of the ranks of the scores; equal scores share their mean
   * rank.
   *
   * @return from -100 to 100
   */
  public double spearman() {
    return 100 * correlation(ranks(expected), ranks(predicted));
  }

  /**
   * {@return the mean squared difference of predicted and expected scores, not multiplied by 100; 0
   * without scores}
   */
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

  /** Compares the values themselves, because rounding of the mean keeps deviations from being 0. */
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

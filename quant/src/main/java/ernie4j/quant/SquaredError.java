package ernie4j.quant;

/**
 * The mean squared error of clipping and quantizing magnitudes, from their histogram: with counts
 * c_k, means x_k of the magnitudes in a bin and a threshold T at an upper edge of a bin,
 *
 * <pre>
 * error = sum over k of c_k (x_k - min(round(127 x_k / T), 127) T / 127)^2 / total
 * </pre>
 *
 * in units of a bin's width squared.
 */
final class SquaredError {
  private SquaredError() {}

  /** The error for a threshold above {@code n} bins. */
  static double of(MagnitudeHistogram histogram, int n) {
    double step = n / 127.0;
    double sum = 0;
    for (int k = 0; k < MagnitudeHistogram.BINS; k++) {
      long count = histogram.count(k);
      if (count > 0) {
        double mean = histogram.mean(k);
        double error = mean - Math.min(Math.rint(mean / step), 127) * step;
        sum += count * error * error;
      }
    }
    return sum / histogram.total();
  }
}

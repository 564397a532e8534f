package ernie4j.quant;

/**
 * How much a distribution of magnitudes loses when it is clipped and quantized: the
 * Kullback-Leibler divergence of TensorRT's calibration, with the codes that are actually used.
 *
 * <p>For a threshold T at the upper edge of bin n - 1, with counts c_k and bin centers x_k:
 *
 * <pre>
 * P_k = c_k / total for k &lt; n;  P_(n-1) also includes the magnitudes above T
 * code of bin k = round(127 x_k / T)
 * Q_k = (mean of c over the bins of the same code that are not empty) / inside,  0 if c_k = 0
 * divergence = sum over P_k &gt; 0 of P_k log(P_k / Q_k)
 * </pre>
 *
 * where {@code inside} is the number of magnitudes below T. It is infinite where P_k > 0 and Q_k =
 * 0.
 */
final class Divergence {
  private Divergence() {}

  /** The divergence for a threshold above {@code n} bins. */
  static double of(MagnitudeHistogram histogram, int n) {
    long inside = 0;
    for (int k = 0; k < n; k++) {
      inside += histogram.count(k);
    }
    long outside = histogram.total() - inside;
    double sum = 0;
    int from = 0;
    while (from < n) {
      int to = from + 1;
      while (to < n && code(to, n) == code(from, n)) {
        to++;
      }
      sum += ofOneCode(histogram, from, to, inside, to == n ? outside : 0);
      from = to;
    }
    return sum;
  }

  private static long code(int bin, int n) {
    return Math.round(127 * (bin + 0.5) / n);
  }

  /** The share of the bins {@code [from, to)}, whose last one also gets {@code beyond}. */
  private static double ofOneCode(
      MagnitudeHistogram histogram, int from, int to, long inside, long beyond) {
    long count = 0;
    int filled = 0;
    for (int k = from; k < to; k++) {
      count += histogram.count(k);
      filled += histogram.count(k) > 0 ? 1 : 0;
    }
    double sum = 0;
    for (int k = from; k < to; k++) {
      long c = histogram.count(k);
      double p = (double) (k == to - 1 ? c + beyond : c) / histogram.total();
      if (p > 0 && c == 0) {
        return Double.POSITIVE_INFINITY;
      }
      if (p > 0) {
        double q = (double) count / filled / inside;
        sum += p * Math.log(p / q);
      }
    }
    return sum;
  }
}

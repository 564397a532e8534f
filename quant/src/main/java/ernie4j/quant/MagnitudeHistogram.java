package ernie4j.quant;

/**
 * Counts magnitudes in {@link #BINS} bins of equal width, starting at zero. The first batch sets
 * the range; a later value beyond it doubles the range, joining bins in pairs, so one pass over the
 * data is enough and at least half of the bins lie below the largest magnitude.
 */
final class MagnitudeHistogram {
  static final int BINS = 2048;

  private final long[] counts = new long[BINS];
  private final double[] sums = new double[BINS];
  private double range;
  private float max;
  private long total;

  /**
   * Adds the values {@code x[from, from + count)}.
   *
   * @throws IllegalArgumentException if there are none, or one is infinite or NaN
   */
  void add(float[] x, int from, int count) {
    float batchMax = AbsMax.ofBatch("MagnitudeHistogram", x, from, count);
    if (range == 0) {
      range = batchMax; // all values so far are zeros, which belong to the first bin anyway
    }
    while (range < batchMax) {
      doubleRange();
    }
    double factor = range == 0 ? 0 : BINS / range;
    for (int i = from; i < from + count; i++) {
      float magnitude = Math.abs(x[i]);
      int bin = Math.min((int) (magnitude * factor), BINS - 1);
      counts[bin]++;
      sums[bin] += magnitude;
    }
    max = Math.max(max, batchMax);
    total += count;
  }

  private void doubleRange() {
    for (int i = 0; i < BINS; i++) {
      boolean filled = 2 * i < BINS;
      counts[i] = filled ? counts[2 * i] + counts[2 * i + 1] : 0;
      sums[i] = filled ? sums[2 * i] + sums[2 * i + 1] : 0;
    }
    range *= 2;
  }

  /** The number of magnitudes in a bin. */
  long count(int bin) {
    return counts[bin];
  }

  /** The mean of the magnitudes in a bin that is not empty, in units of a bin's width. */
  double mean(int bin) {
    return sums[bin] / counts[bin] / (range / BINS);
  }

  /** The number of all magnitudes. */
  long total() {
    return total;
  }

  /** The largest magnitude. */
  float max() {
    return max;
  }

  /** The number of bins up to the one that holds the largest magnitude. */
  int usedBins() {
    int used = BINS;
    while (used > 1 && counts[used - 1] == 0) {
      used--;
    }
    return used;
  }

  /** The upper edge of the first {@code bins} bins, at most the largest magnitude. */
  float edge(int bins) {
    float edge = (float) Math.min(max, bins * (range / BINS));
    return edge == 0 ? max : edge; // with denormal magnitudes the first edges round to 0
  }
}

package ernie4j.quant;

/** The threshold with the least loss among the upper edges of a histogram's bins. */
final class HistogramObserver implements ActivationObserver {
  /**
   * With fewer bins, a code step is finer than a bin, and a histogram cannot distinguish
   * thresholds.
   */
  private static final int FEWEST_BINS = 128;

  private final MagnitudeHistogram histogram = new MagnitudeHistogram();
  private final Loss loss;

  /** An observer that has seen nothing. */
  HistogramObserver(Loss loss) {
    this.loss = loss;
  }

  /** What a threshold costs. */
  interface Loss {
    /** The loss for a threshold above the first {@code bins} bins. */
    double of(MagnitudeHistogram histogram, int bins);
  }

  @Override
  public void observe(float[] x, int from, int count) {
    histogram.add(x, from, count);
  }

  @Override
  public float scale() {
    if (histogram.total() == 0) {
      throw new IllegalStateException(
          "HistogramObserver: nothing was observed; run at least one calibration batch");
    }
    return histogram.max() == 0 ? AbsMax.ZERO_SCALE : histogram.edge(bestBins());
  }

  /** The number of bins with the least loss; the largest of equal ones. */
  private int bestBins() {
    int used = histogram.usedBins();
    int best = used;
    double least = Double.POSITIVE_INFINITY;
    for (int bins = FEWEST_BINS; bins <= used; bins++) {
      double candidate = loss.of(histogram, bins);
      if (candidate <= least) {
        least = candidate;
        best = bins;
      }
    }
    return best;
  }
}

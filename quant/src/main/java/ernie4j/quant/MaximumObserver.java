package ernie4j.quant;

/** The largest, or the average, of the absolute maxima of the batches. */
final class MaximumObserver implements ActivationObserver {
  private final boolean average;
  private double sum;
  private float largest;
  private int batches;

  MaximumObserver(boolean average) {
    this.average = average;
  }

  @Override
  public void observe(float[] x, int from, int count) {
    float max = AbsMax.ofBatch("MaximumObserver", x, from, count);
    largest = Math.max(largest, max);
    sum += max;
    batches++;
  }

  @Override
  public float scale() {
    if (batches == 0) {
      throw new IllegalStateException(
          "MaximumObserver: nothing was observed; run at least one calibration batch");
    }
    float scale = average ? (float) (sum / batches) : largest;
    return scale == 0 ? AbsMax.ZERO_SCALE : scale;
  }
}

package ernie4j.quant;

/**
 * Finds the scale of an activation as a moving average of the absolute maxima of the batches
 * (Paddle's {@code moving_average_abs_max}). For a batch with maximum c and rate r:
 *
 * <pre>
 * state = r * state + 1;   accum = r * accum + c;   scale = accum / state
 * </pre>
 *
 * <p>As in the reference, state and accum start at 1, so the first scale is {@code (r + c) / (r +
 * 1)}: the start counts like one earlier batch with maximum 1 and fades with every batch. Before
 * the first batch the scale is 0.001.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class MovingAverageObserver {
  /** The rate of Paddle's quantization-aware training. */
  public static final double DEFAULT_RATE = 0.9;

  private final double rate;
  private double state;
  private double accumulated;
  private double scale;

  /** Makes an observer with the default rate that has seen nothing. */
  public MovingAverageObserver() {
    this(DEFAULT_RATE, Snapshot.REFERENCE);
  }

  /**
   * Makes an observer that continues where another one stopped.
   *
   * @param rate the weight of the past, in [0, 1)
   * @param from the state of the other observer
   * @throws IllegalArgumentException if the rate is not in [0, 1)
   */
  public MovingAverageObserver(double rate, Snapshot from) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "MovingAverageObserver: the rate must be from 0 to below 1, got " + rate);
    }
    this.rate = rate;
    this.state = from.state;
    this.accumulated = from.accumulated;
    this.scale = from.scale;
  }

  /**
   * The state of an observer, for checkpoints.
   *
   * @param state the decayed number of batches
   * @param accumulated the decayed sum of their maxima
   * @param scale the current scale
   */
  public record Snapshot(double state, double accumulated, double scale) {
    /** The start of the reference: one earlier batch with maximum 1; the scale starts at 0.001. */
    public static final Snapshot REFERENCE = new Snapshot(1, 1, 0.001);

    /** A start without an earlier batch: the first scale is the maximum of the first batch. */
    public static final Snapshot EMPTY = new Snapshot(0, 0, 0.001);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one of them is negative, infinite or NaN
     */
    public Snapshot {
      for (double value : new double[] {state, accumulated, scale}) {
        if (!(value >= 0) || Double.isInfinite(value)) {
          throw new IllegalArgumentException(
              "MovingAverageObserver.Snapshot: values must be finite and at least 0, got state %s, accumulated %s, scale %s"
                  .formatted(state, accumulated, scale));
        }
      }
    }
  }

  /**
   * Takes one batch into account: the values {@code x[from, from + count)}.
   *
   * @param x the array with the values
   * @param from index of the first value
   * @param count the number of values, at least 1
   * @throws IllegalArgumentException if there are no values, or one is infinite or NaN; the
   *     observer is then unchanged
   */
  public void observe(float[] x, int from, int count) {
    observe(AbsMax.ofBatch("MovingAverageObserver", x, from, count));
  }

  /**
   * Takes into account a batch whose absolute maximum is known.
   *
   * @param max the absolute maximum, finite and at least 0
   * @throws IllegalArgumentException if it is negative, infinite or NaN; the observer is then
   *     unchanged
   */
  public void observe(float max) {
    if (!(max >= 0) || Float.isInfinite(max)) {
      throw new IllegalArgumentException(
          "MovingAverageObserver: expected a finite absolute maximum of at least 0, got " + max);
    }
    state = rate * state + 1;
    accumulated = rate * accumulated + max;
    scale = accumulated / state;
  }

  /** {@return the current scale: the magnitude that maps to code 127} */
  public float scale() {
    return (float) scale;
  }

  /** {@return the current state} */
  public Snapshot snapshot() {
    return new Snapshot(state, accumulated, scale);
  }
}

package ernie4j.quant;

/**
 * Finds the scale of an activation for static post-training quantization: it sees the values batch
 * by batch and then returns the magnitude that maps to code 127. Created by {@link
 * CalibrationMethod}.
 *
 * <p>Not safe for use by several threads at once.
 */
public interface ActivationObserver {
  /**
   * Takes one batch into account: the values {@code x[from, from + count)}.
   *
   * @param x the array with the values
   * @param from index of the first value
   * @param count the number of values, at least 1
   * @throws IllegalArgumentException if there are no values, or one is infinite or NaN; the
   *     observer is then unchanged
   */
  void observe(float[] x, int from, int count);

  /**
   * Returns the scale for the values seen so far.
   *
   * @return a number above 0 and at most the largest magnitude; {@link AbsMax#ZERO_SCALE} if only
   *     zeros were seen
   * @throws IllegalStateException if no values were seen
   */
  float scale();
}

package ernie4j.quant;

/**
 * Finds the scale of an activation for static post-training quantization: it sees the values batch
 * by batch and then says which magnitude maps to code 127. Made by {@link CalibrationMethod}.
 *
 * <p>Not safe for use by several threads at once.
 */
public interface ActivationObserver {
  /**
   * Takes one batch into account: the values {@code x[from, from + count)}.
   *
   * @throws IllegalArgumentException if there are no values, or one is infinite or NaN; the
   *     observer then stays as it was
   */
  void observe(float[] x, int from, int count);

  /**
   * The scale for what was seen so far: above 0 and at most the largest magnitude; {@link
   * AbsMax#ZERO_SCALE} if only zeros were seen.
   *
   * @throws IllegalStateException if nothing was seen
   */
  float scale();
}

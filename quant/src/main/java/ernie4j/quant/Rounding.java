package ernie4j.quant;

/**
 * What happens to a value between two codes, and to one beyond the scale: the two {@code
 * round_type}s of Paddle's fake-quantize operators.
 *
 * <p>Rounding here adds a number so large that a float of that size has no fraction, and subtracts
 * it again: C2 vectorizes additions, minima and maxima on every JDK, but not {@code Math.rint} and
 * casts. A code of zero is always +0.
 */
public enum Rounding {
  /**
   * {@code round_type} 0: to the nearest code, ties to the even one, clamped to [-128, 127].
   * Exported weights and the exported {@code quantize_linear} round like this.
   */
  HALF_TO_EVEN,

  /**
   * {@code round_type} 1, Paddle's default in training: the value is clamped to [-scale, scale]
   * first, so that -128 never occurs, then rounded with ties away from zero like C's {@code round}.
   */
  HALF_AWAY_FROM_ZERO;

  /** Floats from 2^23 to 2^24 are whole numbers; the middle leaves room on both sides. */
  private static final float EVEN = 0x1.8p23f;

  private static final float ODD = EVEN + 1;

  /** The code of a value of {@code factor * x} steps, {@code factor} being 127 / scale; or NaN. */
  static float halfToEven(float x, float factor) {
    // Clamping before rounding is the same as after it, because the limits are whole numbers.
    float steps = Math.min(Math.max(factor * x, -128f), 127f);
    return (steps + EVEN) - EVEN;
  }

  /** The same with ties away from zero, clamped to the scale; or NaN. */
  static float halfAwayFromZero(float x, float scale, float factor) {
    float steps = factor * Math.min(Math.max(x, -scale), scale);
    // Above an even base a tie goes to the even neighbor, above an odd one to the odd neighbor;
    // otherwise both agree. The result farther from zero is right.
    float even = (steps + EVEN) - EVEN;
    float odd = (steps + ODD) - ODD;
    return Math.max(Math.max(even, odd), 0f) + Math.min(Math.min(even, odd), 0f);
  }
}

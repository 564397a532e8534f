package ernie4j.quant;

/**
 * What happens to a value between two codes, and to one beyond the scale: the two {@code
 * round_type}s of Paddle's fake-quantize operators.
 */
public enum Rounding {
  /**
   * {@code round_type} 0: to the nearest code, ties to the even one, then clamped to [-128, 127].
   * Exported weights and the exported {@code quantize_linear} round like this.
   */
  HALF_TO_EVEN {
    @Override
    float code(float x, float scale, float inverse) {
      float code = (float) Math.rint(127 * inverse * x);
      return Math.min(Math.max(code, -128), 127);
    }
  },

  /**
   * {@code round_type} 1, Paddle's default in training: the value is clamped to [-scale, scale]
   * first, so that -128 never occurs, then rounded with ties away from zero like C's {@code round}.
   */
  HALF_AWAY_FROM_ZERO {
    @Override
    float code(float x, float scale, float inverse) {
      float clamped = Math.min(Math.max(x, -scale), scale);
      double steps = 127 * inverse * clamped;
      return (float) Math.copySign(Math.floor(Math.abs(steps) + 0.5), steps);
    }
  };

  /**
   * The code of a value as a float; NaN stays NaN.
   *
   * @param inverse {@code 1 / scale}; see {@link FakeQuantizer}
   */
  abstract float code(float x, float scale, float inverse);
}

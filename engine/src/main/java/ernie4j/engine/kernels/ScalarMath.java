package ernie4j.engine.kernels;

/**
 * Elementary functions of one float; {@link VectorMath} computes the same formulas lane by lane.
 * The loops over them vectorize, {@code Math.exp} and {@code Math.tanh} would cost 3 to 27 ns each.
 */
final class ScalarMath {
  private ScalarMath() {}

  static final float LOG2_E = 1.44269504f;
  // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  static final float ROUND = 12582912f;
  static final float LN2_HIGH = 0.693359375f;
  static final float LN2_LOW = -2.12194440e-4f;
  // Below this, exp is smaller than the least normal float and counts as zero.
  static final float EXP_UNDERFLOW = -87.336544f;

  static final float GELU_ZERO = -5.65f;
  static final float SQRT_HALF = 0.70710678f;
  static final float INV_SQRT_2PI = 0.39894228f;

  /**
   * e^x for x from -inf to 0, relative error below 2e-7 (Cephes expf: degree 5 after reduction).
   */
  static float expOfNonPositive(float x) {
    float clamped = Math.max(x, EXP_UNDERFLOW);
    float t = Math.fma(clamped, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = Math.fma(n, -LN2_HIGH, clamped);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(r, 1.9875691500E-4f, 1.3981999507E-3f);
    p = Math.fma(p, r, 8.3334519073E-3f);
    p = Math.fma(p, r, 4.1665795894E-2f);
    p = Math.fma(p, r, 1.6666665459E-1f);
    p = Math.fma(p, r, 5.0000001201E-1f);
    p = Math.fma(p, r * r, r) + 1f;
    float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + 0x3f800000);
    return x < EXP_UNDERFLOW ? 0f : p * scale;
  }

  /**
   * erf(x), absolute error below 5e-7: a rational function of degree 13/8 on [-4, 4], as in Eigen.
   */
  static float erf(float v) {
    float x = Math.min(Math.max(v, -4f), 4f);
    float y = x * x;
    float p = Math.fma(y, -2.72614225801306e-10f, 2.77068142495902e-08f);
    p = Math.fma(p, y, -2.10102402082508e-06f);
    p = Math.fma(p, y, -5.69250639462346e-05f);
    p = Math.fma(p, y, -7.34990630326855e-04f);
    p = Math.fma(p, y, -2.95459980854025e-03f);
    p = Math.fma(p, y, -1.60960333262415e-02f);
    float q = Math.fma(y, -1.45660718464996e-05f, -2.13374055278905e-04f);
    q = Math.fma(q, y, -1.68282697438203e-03f);
    q = Math.fma(q, y, -7.37332916720468e-03f);
    q = Math.fma(q, y, -1.42647390514189e-02f);
    return x * p / q;
  }

  /** x/2 (1 + erf(x / sqrt 2)); 0 below -5.65, where the true value is above -5e-8. */
  static float gelu(float x) {
    float half = x * 0.5f;
    return x < GELU_ZERO ? -0f : Math.fma(half, erf(x * SQRT_HALF), half);
  }

  /** Phi(x) + x phi(x), the derivative of {@link #gelu}. */
  static float geluDerivative(float x) {
    float cumulative = Math.fma(0.5f, erf(x * SQRT_HALF), 0.5f);
    // The product x * density would be inf * 0 for infinite x; beyond 14 the density is zero
    // anyway.
    float bounded = Math.min(Math.max(x, -14f), 14f);
    float density = INV_SQRT_2PI * expOfNonPositive(-0.5f * bounded * bounded);
    return Math.fma(bounded, density, cumulative);
  }

  /** tanh(x): (1 - e^-2|x|) / (1 + e^-2|x|), and an odd polynomial below 0.625 (Cephes tanhf). */
  static float tanh(float x) {
    float magnitude = Math.abs(x);
    float y = x * x;
    float p = Math.fma(y, -5.70498872745E-3f, 2.06390887954E-2f);
    p = Math.fma(p, y, -5.37397155531E-2f);
    p = Math.fma(p, y, 1.33314422036E-1f);
    p = Math.fma(p, y, -3.33332819422E-1f);
    float small = Math.fma(p * y, x, x);
    float e = expOfNonPositive(-2f * magnitude);
    float large = Math.copySign((1f - e) / (1f + e), x);
    return magnitude < 0.625f ? small : large;
  }
}

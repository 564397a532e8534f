package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.platform.Fma.fma;

/**
 * Elementary functions of one float; {@link VectorMath} computes the same formulas lane by lane.
 * The loops over them vectorize; {@code Math.exp} and {@code Math.tanh} would cost 3 to 27 ns each.
 */
public final class ScalarMath {
  private ScalarMath() {}

  public static final float LOG2_E = 1.442695f;
  // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
  public static final float ROUND = 12582912f;
  public static final float LN2_HIGH = 355f / 512f;
  public static final float LN2_LOW = -2.1219444e-4f;
  // Here the exponent bits of the power of two are 0, which makes the result zero.
  public static final float EXP_ZERO = -88f;

  // Far below the point (-5.66) below which erf is exactly -1 and GELU exactly zero.
  public static final float GELU_LOW = -8f;
  public static final float SQRT_HALF = 0.70710677f;
  public static final float INV_SQRT_2PI = 0.3989423f;

  // Coefficients from the highest power down: e^r = 1 + r + r^2 (EXP_5 + EXP_4 r + ...).
  public static final float EXP_0 = 1.9875691e-4f;
  public static final float EXP_1 = 1.3981999e-3f;
  public static final float EXP_2 = 8.333452e-3f;
  public static final float EXP_3 = 4.1665796e-2f;
  public static final float EXP_4 = 1.6666666e-1f;
  public static final float EXP_5 = 0.5f;

  // erf(x) = x P(x^2) / Q(x^2).
  public static final float ERF_P_0 = -2.7261424e-10f;
  public static final float ERF_P_1 = 2.7706815e-8f;
  public static final float ERF_P_2 = -2.101024e-6f;
  public static final float ERF_P_3 = -5.6925062e-5f;
  public static final float ERF_P_4 = -7.3499064e-4f;
  public static final float ERF_P_5 = -2.9546e-3f;
  public static final float ERF_P_6 = -1.6096033e-2f;
  public static final float ERF_Q_0 = -1.45660715e-5f;
  public static final float ERF_Q_1 = -2.1337405e-4f;
  public static final float ERF_Q_2 = -1.682827e-3f;
  public static final float ERF_Q_3 = -7.3733293e-3f;
  public static final float ERF_Q_4 = -1.4264739e-2f;

  // tanh(x) = x + x^3 (TANH_4 + TANH_3 x^2 + ...).
  public static final float TANH_0 = -5.7049887e-3f;
  public static final float TANH_1 = 2.0639088e-2f;
  public static final float TANH_2 = -5.3739715e-2f;
  public static final float TANH_3 = 1.3331442e-1f;
  public static final float TANH_4 = -3.333328e-1f;

  /**
   * e^x for x from -inf to 0, relative error below 2e-7 (Cephes expf: degree 5 after reduction);
   * zero below -87.7. No branch, so that loops over it vectorize.
   */
  public static float expOfNonPositive(float x) {
    float clamped = Math.max(x, EXP_ZERO);
    float t = fma(clamped, LOG2_E, ROUND);
    float n = t - ROUND;
    float r = fma(n, -LN2_HIGH, clamped);
    r = fma(n, -LN2_LOW, r);
    float p = fma(r, EXP_0, EXP_1);
    p = fma(p, r, EXP_2);
    p = fma(p, r, EXP_3);
    p = fma(p, r, EXP_4);
    p = fma(p, r, EXP_5);
    p = fma(p, r * r, r) + 1f;
    float scale = Float.intBitsToFloat((Float.floatToRawIntBits(t) << 23) + 0x3f800000);
    return p * scale;
  }

  /**
   * erf(x), absolute error below 5e-7: a rational function of degree 13/8 on [-4, 4], as in Eigen.
   */
  public static float erf(float v) {
    float x = Math.min(Math.max(v, -4f), 4f);
    float y = x * x;
    float p = fma(y, ERF_P_0, ERF_P_1);
    p = fma(p, y, ERF_P_2);
    p = fma(p, y, ERF_P_3);
    p = fma(p, y, ERF_P_4);
    p = fma(p, y, ERF_P_5);
    p = fma(p, y, ERF_P_6);
    float q = fma(y, ERF_Q_0, ERF_Q_1);
    q = fma(q, y, ERF_Q_2);
    q = fma(q, y, ERF_Q_3);
    q = fma(q, y, ERF_Q_4);
    return x * p / q;
  }

  /** x/2 (1 + erf(x / sqrt 2)); 0 below -5.66, where the true value is above -5e-8. */
  public static float gelu(float x) {
    // The bound changes the result only for x = -inf, where -inf + inf would be NaN.
    float half = Math.max(x, GELU_LOW) * 0.5f;
    return fma(half, erf(x * SQRT_HALF), half);
  }

  /** Phi(x) + x phi(x), the derivative of {@link #gelu}. */
  public static float geluDerivative(float x) {
    float cumulative = fma(0.5f, erf(x * SQRT_HALF), 0.5f);
    // The product x * density would be inf * 0 for infinite x; beyond 14 the density is zero
    // anyway.
    float bounded = Math.min(Math.max(x, -14f), 14f);
    float density = INV_SQRT_2PI * expOfNonPositive(-0.5f * bounded * bounded);
    return fma(bounded, density, cumulative);
  }

  /** tanh(x): (1 - e^-2|x|) / (1 + e^-2|x|), and an odd polynomial below 0.625 (Cephes tanhf). */
  public static float tanh(float x) {
    float magnitude = Math.abs(x);
    float y = x * x;
    float p = fma(y, TANH_0, TANH_1);
    p = fma(p, y, TANH_2);
    p = fma(p, y, TANH_3);
    p = fma(p, y, TANH_4);
    float small = fma(p * y, magnitude, magnitude);
    float e = expOfNonPositive(-2f * magnitude);
    float large = (1f - e) / (1f + e);
    return Math.copySign(magnitude < 0.625f ? small : large, x);
  }
}

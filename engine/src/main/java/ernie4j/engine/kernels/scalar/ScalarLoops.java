package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_4;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_5;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_ZERO;
import static ernie4j.engine.kernels.scalar.ScalarMath.INV_SQRT_2PI;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_HIGH;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_LOW;
import static ernie4j.engine.kernels.scalar.ScalarMath.LOG2_E;
import static ernie4j.engine.kernels.scalar.ScalarMath.ROUND;
import static ernie4j.engine.kernels.scalar.ScalarMath.SQRT_HALF;
import static ernie4j.engine.platform.Fma.fma;

/**
 * The functions of {@link ScalarMath} for many values. C2 vectorizes such loops over whole arrays
 * with the plain index j; with offsets it must assume overlaps and does not (GELU takes six times
 * as long). So pieces of the caller's arrays are copied here and back. One instance belongs to one
 * thread.
 */
final class ScalarLoops {
  private static final int PIECE = 256;

  private final float[] values = new float[PIECE];
  private final float[] cumulative = new float[PIECE];
  private final float[] factors = new float[PIECE];
  private final float[] powers = new float[PIECE];

  void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i += PIECE) {
      int count = Math.min(PIECE, n - i);
      System.arraycopy(x, xOffset + i, values, 0, count);
      gelu(count, values);
      System.arraycopy(values, 0, y, yOffset + i, count);
    }
  }

  private static void gelu(int n, float[] x) {
    for (int j = 0; j < n; j++) {
      x[j] = ScalarMath.gelu(x[j]);
    }
  }

  /** {@link ScalarMath#geluDerivative} in steps. */
  void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    for (int i = 0; i < n; i += PIECE) {
      int count = Math.min(PIECE, n - i);
      System.arraycopy(x, xOffset + i, values, 0, count);
      normalCumulative(count, values, cumulative);
      exponents(count, values, factors);
      expOfNonPositive(count, factors, powers);
      derivative(count, values, factors, cumulative);
      System.arraycopy(dy, dyOffset + i, factors, 0, count);
      multiply(count, factors, cumulative);
      System.arraycopy(factors, 0, dx, dxOffset + i, count);
    }
  }

  private static void normalCumulative(int n, float[] x, float[] cumulative) {
    for (int j = 0; j < n; j++) {
      cumulative[j] = fma(0.5f, ScalarMath.erf(x[j] * SQRT_HALF), 0.5f);
    }
  }

  private static void exponents(int n, float[] x, float[] exponents) {
    for (int j = 0; j < n; j++) {
      float bounded = Math.min(Math.max(x[j], -14f), 14f);
      exponents[j] = -0.5f * bounded * bounded;
    }
  }

  private static void derivative(int n, float[] x, float[] exp, float[] result) {
    for (int j = 0; j < n; j++) {
      float bounded = Math.min(Math.max(x[j], -14f), 14f);
      result[j] = fma(bounded, INV_SQRT_2PI * exp[j], result[j]);
    }
  }

  /**
   * {@code x = e^x}, {@link ScalarMath#expOfNonPositive} in three loops: before JDK 26 the loop
   * that reads the bits of a float is not vectorized, and would slow down the others.
   */
  static void expOfNonPositive(int n, float[] x, float[] powers) {
    polynomials(n, x, powers);
    for (int j = 0; j < n; j++) {
      powers[j] = Float.intBitsToFloat((Float.floatToRawIntBits(powers[j]) << 23) + 0x3f800000);
    }
    multiply(n, x, powers);
  }

  private static void polynomials(int n, float[] x, float[] rounded) {
    for (int j = 0; j < n; j++) {
      float clamped = Math.max(x[j], EXP_ZERO);
      float t = fma(clamped, LOG2_E, ROUND);
      float m = t - ROUND;
      float r = fma(m, -LN2_HIGH, clamped);
      r = fma(m, -LN2_LOW, r);
      float p = fma(r, EXP_0, EXP_1);
      p = fma(p, r, EXP_2);
      p = fma(p, r, EXP_3);
      p = fma(p, r, EXP_4);
      p = fma(p, r, EXP_5);
      x[j] = fma(p, r * r, r) + 1f;
      rounded[j] = t;
    }
  }

  static void add(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      x[j] += y[j];
    }
  }

  static void subtract(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      x[j] -= y[j];
    }
  }

  static void subtract(int n, float[] x, float value) {
    for (int j = 0; j < n; j++) {
      x[j] -= value;
    }
  }

  static void multiply(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      x[j] *= y[j];
    }
  }

  static void multiply(int n, float[] x, float value) {
    for (int j = 0; j < n; j++) {
      x[j] *= value;
    }
  }

  static void maximum(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      x[j] = Math.max(x[j], y[j]);
    }
  }
}

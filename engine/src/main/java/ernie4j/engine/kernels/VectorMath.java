package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ScalarMath.ERF_P_0;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_1;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_2;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_3;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_4;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_5;
import static ernie4j.engine.kernels.ScalarMath.ERF_P_6;
import static ernie4j.engine.kernels.ScalarMath.ERF_Q_0;
import static ernie4j.engine.kernels.ScalarMath.ERF_Q_1;
import static ernie4j.engine.kernels.ScalarMath.ERF_Q_2;
import static ernie4j.engine.kernels.ScalarMath.ERF_Q_3;
import static ernie4j.engine.kernels.ScalarMath.ERF_Q_4;
import static ernie4j.engine.kernels.ScalarMath.EXP_0;
import static ernie4j.engine.kernels.ScalarMath.EXP_1;
import static ernie4j.engine.kernels.ScalarMath.EXP_2;
import static ernie4j.engine.kernels.ScalarMath.EXP_3;
import static ernie4j.engine.kernels.ScalarMath.EXP_4;
import static ernie4j.engine.kernels.ScalarMath.EXP_5;
import static ernie4j.engine.kernels.ScalarMath.EXP_ZERO;
import static ernie4j.engine.kernels.ScalarMath.GELU_LOW;
import static ernie4j.engine.kernels.ScalarMath.INV_SQRT_2PI;
import static ernie4j.engine.kernels.ScalarMath.LN2_HIGH;
import static ernie4j.engine.kernels.ScalarMath.LN2_LOW;
import static ernie4j.engine.kernels.ScalarMath.LOG2_E;
import static ernie4j.engine.kernels.ScalarMath.ROUND;
import static ernie4j.engine.kernels.ScalarMath.SQRT_HALF;
import static ernie4j.engine.kernels.ScalarMath.TANH_0;
import static ernie4j.engine.kernels.ScalarMath.TANH_1;
import static ernie4j.engine.kernels.ScalarMath.TANH_2;
import static ernie4j.engine.kernels.ScalarMath.TANH_3;
import static ernie4j.engine.kernels.ScalarMath.TANH_4;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link ScalarMath} lane by lane, operation by operation: the same bits. */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = S.withLanes(int.class);
  static final int L = S.length();

  // reinterpretAsInts and reinterpretAsFloats allocate on JDK 27, even when compiled.
  static IntVector ints(FloatVector v) {
    return (IntVector) v.convertShape(VectorOperators.REINTERPRET_F2I, INTS, 0);
  }

  static FloatVector floats(IntVector v) {
    return (FloatVector) v.convertShape(VectorOperators.REINTERPRET_I2F, S, 0);
  }

  // max and min of the Vector API take five instructions each to order -0 and NaN as Math.max does;
  // these give the same for bounds other than zero.
  static FloatVector atLeast(FloatVector x, float low) {
    return x.blend(low, x.compare(VectorOperators.LT, low));
  }

  static FloatVector atMost(FloatVector x, float high) {
    return x.blend(high, x.compare(VectorOperators.GT, high));
  }

  static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static FloatVector expOfNonPositive(FloatVector x) {
    FloatVector clamped = atLeast(x, EXP_ZERO);
    FloatVector t = clamped.fma(all(LOG2_E), all(ROUND));
    FloatVector n = t.sub(ROUND);
    FloatVector r = n.fma(all(-LN2_HIGH), clamped);
    r = n.fma(all(-LN2_LOW), r);
    FloatVector p = r.fma(all(EXP_0), all(EXP_1));
    p = p.fma(r, all(EXP_2));
    p = p.fma(r, all(EXP_3));
    p = p.fma(r, all(EXP_4));
    p = p.fma(r, all(EXP_5));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = ints(t).lanewise(VectorOperators.LSHL, 23);
    FloatVector scale = floats(exponent.add(0x3f800000));
    return p.mul(scale);
  }

  static FloatVector erf(FloatVector v) {
    FloatVector x = atMost(atLeast(v, -4f), 4f);
    FloatVector y = x.mul(x);
    FloatVector p = y.fma(all(ERF_P_0), all(ERF_P_1));
    p = p.fma(y, all(ERF_P_2));
    p = p.fma(y, all(ERF_P_3));
    p = p.fma(y, all(ERF_P_4));
    p = p.fma(y, all(ERF_P_5));
    p = p.fma(y, all(ERF_P_6));
    FloatVector q = y.fma(all(ERF_Q_0), all(ERF_Q_1));
    q = q.fma(y, all(ERF_Q_2));
    q = q.fma(y, all(ERF_Q_3));
    q = q.fma(y, all(ERF_Q_4));
    return x.mul(p).div(q);
  }

  /**
   * GELU of whole vectors. {@link #erf} is written out: C2 makes a call of it, and an object of
   * every vector, in a loop that has not run often when it is compiled, which is so after a
   * warm-up.
   *
   * @param n a multiple of the vector length
   */
  static void gelu(int n, float[] from, int at, float[] to, int toAt) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, from, at + i);
      FloatVector half = atLeast(v, GELU_LOW).mul(0.5f);
      FloatVector x = atMost(atLeast(v.mul(SQRT_HALF), -4f), 4f);
      FloatVector y = x.mul(x);
      FloatVector p = y.fma(all(ERF_P_0), all(ERF_P_1));
      p = p.fma(y, all(ERF_P_2));
      p = p.fma(y, all(ERF_P_3));
      p = p.fma(y, all(ERF_P_4));
      p = p.fma(y, all(ERF_P_5));
      p = p.fma(y, all(ERF_P_6));
      FloatVector q = y.fma(all(ERF_Q_0), all(ERF_Q_1));
      q = q.fma(y, all(ERF_Q_2));
      q = q.fma(y, all(ERF_Q_3));
      q = q.fma(y, all(ERF_Q_4));
      half.fma(x.mul(p).div(q), half).intoArray(to, toAt + i);
    }
  }

  /** Phi(x), the cumulative distribution of the standard normal. */
  static FloatVector normalCumulative(FloatVector x) {
    return all(0.5f).fma(erf(x.mul(SQRT_HALF)), all(0.5f));
  }

  static FloatVector geluDerivative(FloatVector x, FloatVector cumulative) {
    FloatVector bounded = atMost(atLeast(x, -14f), 14f);
    FloatVector exponent = bounded.mul(-0.5f).mul(bounded);
    FloatVector density = expOfNonPositive(exponent).mul(INV_SQRT_2PI);
    return bounded.fma(density, cumulative);
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector y = x.mul(x);
    FloatVector p = y.fma(all(TANH_0), all(TANH_1));
    p = p.fma(y, all(TANH_2));
    p = p.fma(y, all(TANH_3));
    p = p.fma(y, all(TANH_4));
    FloatVector small = p.mul(y).fma(magnitude, magnitude);
    FloatVector e = expOfNonPositive(magnitude.mul(-2f));
    FloatVector large = all(1f).sub(e).div(e.add(1f));
    FloatVector result = large.blend(small, magnitude.compare(VectorOperators.LT, 0.625f));
    IntVector sign = ints(x).and(Integer.MIN_VALUE);
    return floats(ints(result).or(sign));
  }
}

package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_4;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_5;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_P_6;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_Q_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_Q_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_Q_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_Q_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.ERF_Q_4;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_4;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_5;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_ZERO;
import static ernie4j.engine.kernels.scalar.ScalarMath.GELU_LOW;
import static ernie4j.engine.kernels.scalar.ScalarMath.INV_SQRT_2PI;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_HIGH;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_LOW;
import static ernie4j.engine.kernels.scalar.ScalarMath.LOG2_E;
import static ernie4j.engine.kernels.scalar.ScalarMath.ROUND;
import static ernie4j.engine.kernels.scalar.ScalarMath.SQRT_HALF;
import static ernie4j.engine.kernels.scalar.ScalarMath.TANH_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.TANH_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.TANH_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.TANH_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.TANH_4;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The functions of {@link ScalarMath} lane by lane, operation by operation: the same bits.
 *
 * <p>When C2 has inlined much into a method (18000 nodes, some sixty vector operations) it inlines
 * no more methods except those of the Vector API, and allocates an object for every vector that the
 * others take or return. So a long loop is written in the operations of the Vector API, and a
 * function that it shares with other loops is called first in it.
 */
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

  static FloatVector expOfNonPositive(FloatVector x) {
    FloatVector clamped = x.blend(EXP_ZERO, x.compare(VectorOperators.LT, EXP_ZERO));
    FloatVector t = clamped.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
    FloatVector n = t.sub(ROUND);
    FloatVector r = n.fma(broadcast(S, -LN2_HIGH), clamped);
    r = n.fma(broadcast(S, -LN2_LOW), r);
    FloatVector p = r.fma(broadcast(S, EXP_0), broadcast(S, EXP_1));
    p = p.fma(r, broadcast(S, EXP_2));
    p = p.fma(r, broadcast(S, EXP_3));
    p = p.fma(r, broadcast(S, EXP_4));
    p = p.fma(r, broadcast(S, EXP_5));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector whole = (IntVector) t.convertShape(VectorOperators.REINTERPRET_F2I, INTS, 0);
    IntVector exponent = whole.lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
    return p.mul((FloatVector) exponent.convertShape(VectorOperators.REINTERPRET_I2F, S, 0));
  }

  /**
   * GELU of whole vectors.
   *
   * @param n a multiple of the vector length
   */
  static void gelu(int n, float[] from, int at, float[] to, int toAt) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, from, at + i);
      FloatVector half = v.blend(GELU_LOW, v.compare(VectorOperators.LT, GELU_LOW)).mul(0.5f);
      FloatVector x = v.mul(SQRT_HALF);
      x = x.blend(-4f, x.compare(VectorOperators.LT, -4f));
      x = x.blend(4f, x.compare(VectorOperators.GT, 4f));
      FloatVector y = x.mul(x);
      FloatVector p = y.fma(broadcast(S, ERF_P_0), broadcast(S, ERF_P_1));
      p = p.fma(y, broadcast(S, ERF_P_2));
      p = p.fma(y, broadcast(S, ERF_P_3));
      p = p.fma(y, broadcast(S, ERF_P_4));
      p = p.fma(y, broadcast(S, ERF_P_5));
      p = p.fma(y, broadcast(S, ERF_P_6));
      FloatVector q = y.fma(broadcast(S, ERF_Q_0), broadcast(S, ERF_Q_1));
      q = q.fma(y, broadcast(S, ERF_Q_2));
      q = q.fma(y, broadcast(S, ERF_Q_3));
      q = q.fma(y, broadcast(S, ERF_Q_4));
      half.fma(x.mul(p).div(q), half).intoArray(to, toAt + i);
    }
  }

  /**
   * The density of the standard normal, of whole vectors: the part of GELU's derivative with {@link
   * #expOfNonPositive}. A loop of its own, because both functions together have too many operations
   * for one.
   *
   * @param n a multiple of the vector length
   */
  static void normalDensity(int n, float[] from, int at, float[] to) {
    for (int i = 0; i < n; i += L) {
      FloatVector bounded = atMost(atLeast(FloatVector.fromArray(S, from, at + i), -14f), 14f);
      expOfNonPositive(bounded.mul(-0.5f).mul(bounded)).mul(INV_SQRT_2PI).intoArray(to, i);
    }
  }

  /**
   * {@code to = dy * (Phi(x) + x * density)} of whole vectors.
   *
   * @param n a multiple of the vector length
   */
  static void geluBackward(
      int n, float[] from, int at, float[] density, float[] dy, int dyAt, float[] to, int toAt) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = FloatVector.fromArray(S, from, at + i);
      FloatVector bounded = v.blend(-14f, v.compare(VectorOperators.LT, -14f));
      bounded = bounded.blend(14f, bounded.compare(VectorOperators.GT, 14f));
      FloatVector x = v.mul(SQRT_HALF);
      x = x.blend(-4f, x.compare(VectorOperators.LT, -4f));
      x = x.blend(4f, x.compare(VectorOperators.GT, 4f));
      FloatVector y = x.mul(x);
      FloatVector p = y.fma(broadcast(S, ERF_P_0), broadcast(S, ERF_P_1));
      p = p.fma(y, broadcast(S, ERF_P_2));
      p = p.fma(y, broadcast(S, ERF_P_3));
      p = p.fma(y, broadcast(S, ERF_P_4));
      p = p.fma(y, broadcast(S, ERF_P_5));
      p = p.fma(y, broadcast(S, ERF_P_6));
      FloatVector q = y.fma(broadcast(S, ERF_Q_0), broadcast(S, ERF_Q_1));
      q = q.fma(y, broadcast(S, ERF_Q_2));
      q = q.fma(y, broadcast(S, ERF_Q_3));
      q = q.fma(y, broadcast(S, ERF_Q_4));
      FloatVector cumulative = broadcast(S, 0.5f).fma(x.mul(p).div(q), broadcast(S, 0.5f));
      bounded
          .fma(FloatVector.fromArray(S, density, i), cumulative)
          .mul(FloatVector.fromArray(S, dy, dyAt + i))
          .intoArray(to, toAt + i);
    }
  }

  /**
   * Tanh of whole vectors.
   *
   * @param n a multiple of the vector length
   */
  static void tanh(int n, float[] from, int at, float[] to, int toAt) {
    for (int i = 0; i < n; i += L) {
      FloatVector x = FloatVector.fromArray(S, from, at + i);
      FloatVector magnitude = x.abs();
      FloatVector e = expOfNonPositive(magnitude.mul(-2f));
      FloatVector large = broadcast(S, 1f).sub(e).div(e.add(1f));
      FloatVector y = x.mul(x);
      FloatVector p = y.fma(broadcast(S, TANH_0), broadcast(S, TANH_1));
      p = p.fma(y, broadcast(S, TANH_2));
      p = p.fma(y, broadcast(S, TANH_3));
      p = p.fma(y, broadcast(S, TANH_4));
      FloatVector small = p.mul(y).fma(magnitude, magnitude);
      FloatVector result = large.blend(small, magnitude.compare(VectorOperators.LT, 0.625f));
      IntVector sign =
          ((IntVector) x.convertShape(VectorOperators.REINTERPRET_F2I, INTS, 0))
              .and(Integer.MIN_VALUE);
      IntVector signed =
          ((IntVector) result.convertShape(VectorOperators.REINTERPRET_F2I, INTS, 0)).or(sign);
      ((FloatVector) signed.convertShape(VectorOperators.REINTERPRET_I2F, S, 0))
          .intoArray(to, toAt + i);
    }
  }
}

package ernie4j.engine.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link ScalarMath} lane by lane, and a sum over lanes in one fixed order. */
final class VectorMath {
  private VectorMath() {}

  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final int L = S.length();

  // reduceLanes(ADD) adds in another order once C2 has compiled it, and in another again on another
  // JDK. Rotating and adding is as fast and always the same.
  private static final VectorShuffle<Float> ROTATE_1 = VectorShuffle.iota(S, 1, 1, true);
  private static final VectorShuffle<Float> ROTATE_2 = VectorShuffle.iota(S, 2, 1, true);
  private static final VectorShuffle<Float> ROTATE_4 = VectorShuffle.iota(S, 4, 1, true);
  private static final VectorShuffle<Float> ROTATE_8 = VectorShuffle.iota(S, 8, 1, true);

  /** The sum of all lanes, by halves. */
  static float sum(FloatVector v) {
    if (L > 16) {
      throw new IllegalStateException("vectors of more than 512 bit are not supported");
    }
    FloatVector s = v;
    if (L > 8) {
      s = s.add(s.rearrange(ROTATE_8));
    }
    if (L > 4) {
      s = s.add(s.rearrange(ROTATE_4));
    }
    if (L > 2) {
      s = s.add(s.rearrange(ROTATE_2));
    }
    if (L > 1) {
      s = s.add(s.rearrange(ROTATE_1));
    }
    return s.lane(0);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static FloatVector expOfNonPositive(FloatVector x) {
    FloatVector clamped = x.max(ScalarMath.EXP_UNDERFLOW);
    FloatVector t = clamped.fma(all(ScalarMath.LOG2_E), all(ScalarMath.ROUND));
    FloatVector n = t.sub(ScalarMath.ROUND);
    FloatVector r = n.fma(all(-ScalarMath.LN2_HIGH), clamped);
    r = n.fma(all(-ScalarMath.LN2_LOW), r);
    FloatVector p = r.fma(all(1.9875691500E-4f), all(1.3981999507E-3f));
    p = p.fma(r, all(8.3334519073E-3f));
    p = p.fma(r, all(4.1665795894E-2f));
    p = p.fma(r, all(1.6666665459E-1f));
    p = p.fma(r, all(5.0000001201E-1f));
    p = p.fma(r.mul(r), r).add(1f);
    IntVector exponent = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    FloatVector scale = exponent.add(0x3f800000).reinterpretAsFloats();
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, ScalarMath.EXP_UNDERFLOW);
    return p.mul(scale).blend(0f, tiny);
  }

  static FloatVector erf(FloatVector v) {
    FloatVector x = v.max(-4f).min(4f);
    FloatVector y = x.mul(x);
    FloatVector p = y.fma(all(-2.72614225801306e-10f), all(2.77068142495902e-08f));
    p = p.fma(y, all(-2.10102402082508e-06f));
    p = p.fma(y, all(-5.69250639462346e-05f));
    p = p.fma(y, all(-7.34990630326855e-04f));
    p = p.fma(y, all(-2.95459980854025e-03f));
    p = p.fma(y, all(-1.60960333262415e-02f));
    FloatVector q = y.fma(all(-1.45660718464996e-05f), all(-2.13374055278905e-04f));
    q = q.fma(y, all(-1.68282697438203e-03f));
    q = q.fma(y, all(-7.37332916720468e-03f));
    q = q.fma(y, all(-1.42647390514189e-02f));
    return x.mul(p).div(q);
  }

  static FloatVector gelu(FloatVector x) {
    FloatVector half = x.mul(0.5f);
    FloatVector y = half.fma(erf(x.mul(ScalarMath.SQRT_HALF)), half);
    return y.blend(-0f, x.compare(VectorOperators.LT, ScalarMath.GELU_ZERO));
  }

  /** Phi(x), the cumulative distribution of the standard normal. */
  static FloatVector normalCumulative(FloatVector x) {
    return all(0.5f).fma(erf(x.mul(ScalarMath.SQRT_HALF)), all(0.5f));
  }

  static FloatVector geluDerivative(FloatVector x, FloatVector cumulative) {
    FloatVector bounded = x.max(-14f).min(14f);
    FloatVector exponent = bounded.mul(-0.5f).mul(bounded);
    FloatVector density = expOfNonPositive(exponent).mul(ScalarMath.INV_SQRT_2PI);
    return bounded.fma(density, cumulative);
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector y = x.mul(x);
    FloatVector p = y.fma(all(-5.70498872745E-3f), all(2.06390887954E-2f));
    p = p.fma(y, all(-5.37397155531E-2f));
    p = p.fma(y, all(1.33314442036E-1f));
    p = p.fma(y, all(-3.33332819422E-1f));
    FloatVector small = p.mul(y).fma(x, x);
    FloatVector e = expOfNonPositive(magnitude.mul(-2f));
    FloatVector ratio = all(1f).sub(e).div(e.add(1f));
    IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    FloatVector large = ratio.reinterpretAsInts().or(sign).reinterpretAsFloats();
    return large.blend(small, magnitude.compare(VectorOperators.LT, 0.625f));
  }
}

package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.LaneSums.LANES;
import static ernie4j.engine.kernels.ScalarMath.EXP_0;
import static ernie4j.engine.kernels.ScalarMath.EXP_1;
import static ernie4j.engine.kernels.ScalarMath.EXP_2;
import static ernie4j.engine.kernels.ScalarMath.EXP_3;
import static ernie4j.engine.kernels.ScalarMath.EXP_4;
import static ernie4j.engine.kernels.ScalarMath.EXP_5;
import static ernie4j.engine.kernels.ScalarMath.EXP_ZERO;
import static ernie4j.engine.kernels.ScalarMath.LN2_HIGH;
import static ernie4j.engine.kernels.ScalarMath.LN2_LOW;
import static ernie4j.engine.kernels.ScalarMath.LOG2_E;
import static ernie4j.engine.kernels.ScalarMath.ROUND;
import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;
import static ernie4j.engine.kernels.VectorMath.all;
import static ernie4j.engine.kernels.VectorMath.floats;
import static ernie4j.engine.kernels.VectorMath.ints;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax of one row in place: the twin of {@link ScalarSoftmax}, bit by bit. */
final class VectorSoftmax {
  private VectorSoftmax() {}

  static void row(int n, float[] x, int at, float[] lanes) {
    float sum = exponentials(n, x, at, maximum(n, x, at), lanes);
    float inverse = 1f / sum;
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector.fromArray(S, x, at + j).mul(inverse).intoArray(x, at + j);
    }
    for (int j = whole; j < n; j++) {
      x[at + j] *= inverse;
    }
  }

  private static float maximum(int n, float[] x, int at) {
    if (n == 0) {
      return 0f; // a call that only counts: see VectorWarmUp
    }
    FloatVector top = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      top = top.max(FloatVector.fromArray(S, x, at + j));
    }
    float max = top.reduceLanes(VectorOperators.MAX);
    for (int j = whole; j < n; j++) {
      max = Math.max(max, x[at + j]);
    }
    return max;
  }

  /**
   * Replaces x by e^(x - max) and returns the sum. {@link VectorMath#expOfNonPositive} is written
   * out, see {@link VectorMath#gelu(int, float[], int, float[], int)}.
   */
  private static float exponentials(int n, float[] x, int at, float max, float[] lanes) {
    if (n == 0) {
      return 0f; // a call that only counts: see VectorWarmUp
    }
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector clamped = FloatVector.fromArray(S, x, at + j).sub(max).max(EXP_ZERO);
        FloatVector t = clamped.fma(all(LOG2_E), all(ROUND));
        FloatVector m = t.sub(ROUND);
        FloatVector r = m.fma(all(-LN2_HIGH), clamped);
        r = m.fma(all(-LN2_LOW), r);
        FloatVector polynomial = r.fma(all(EXP_0), all(EXP_1));
        polynomial = polynomial.fma(r, all(EXP_2));
        polynomial = polynomial.fma(r, all(EXP_3));
        polynomial = polynomial.fma(r, all(EXP_4));
        polynomial = polynomial.fma(r, all(EXP_5));
        polynomial = polynomial.fma(r.mul(r), r).add(1f);
        IntVector exponent = ints(t).lanewise(VectorOperators.LSHL, 23);
        FloatVector e = polynomial.mul(floats(exponent.add(0x3f800000)));
        e.intoArray(x, at + j);
        sum = sum.add(e);
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      float e = ScalarMath.expOfNonPositive(x[at + j] - max);
      x[at + j] = e;
      total += e;
    }
    return total;
  }
}

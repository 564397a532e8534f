package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.LaneSums.LANES;
import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax of one row in place: the twin of {@link ScalarSoftmax}, bit by bit. */
final class VectorSoftmax {
  private VectorSoftmax() {}

  static void row(int n, float[] x, int at, float[] lanes) {
    scale(n, x, at, 1f / exponentials(n, x, at, lanes));
  }

  /** Replaces x by e^(x - maximum of x) and returns the sum: all of softmax but the division. */
  static float exponentials(int n, float[] x, int at, float[] lanes) {
    return exponentials(n, x, at, maximum(n, x, at), lanes);
  }

  /** {@code x *= factor}. */
  static void scale(int n, float[] x, int at, float factor) {
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector.fromArray(S, x, at + j).mul(factor).intoArray(x, at + j);
    }
    for (int j = whole; j < n; j++) {
      x[at + j] *= factor;
    }
  }

  private static float maximum(int n, float[] x, int at) {
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

  private static float exponentials(int n, float[] x, int at, float max, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector e = VectorMath.expOfNonPositive(FloatVector.fromArray(S, x, at + j).sub(max));
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

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

  /** Replaces x by e^(x - max) and returns the sum. */
  private static float exponentials(int n, float[] x, int at, float max, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      VectorMath.exponentials(p, whole, LANES, x, at, max, lanes);
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

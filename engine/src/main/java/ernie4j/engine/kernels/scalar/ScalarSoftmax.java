package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;

/**
 * Softmax of one row in place. The row is copied into an array of its own, see {@link ScalarLoops}.
 * One instance belongs to one thread.
 */
final class ScalarSoftmax {
  /** Three loops do not pay off for a shorter row. */
  private static final int SHORT = 64;

  private final float[] lanes = new float[LANES];
  private float[] values = new float[0];
  private float[] powers = new float[0];

  void row(int n, float[] x, int at) {
    if (values.length < n) {
      values = new float[n];
      powers = new float[n];
    }
    System.arraycopy(x, at, values, 0, n);
    ScalarLoops.subtract(n, values, maximum(n, values));
    if (n < SHORT) {
      exponentials(n, values);
    } else {
      ScalarLoops.expOfNonPositive(n, values, powers);
    }
    ScalarLoops.multiply(n, values, 1f / ScalarSums.sum(n, values, lanes));
    System.arraycopy(values, 0, x, at, n);
  }

  private static void exponentials(int n, float[] x) {
    for (int j = 0; j < n; j++) {
      x[j] = ScalarMath.expOfNonPositive(x[j]);
    }
  }

  private static float maximum(int n, float[] x) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, x[j]);
    }
    return max;
  }
}

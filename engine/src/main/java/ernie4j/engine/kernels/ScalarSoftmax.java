package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.LaneSums.LANES;

import java.util.Arrays;

/** Softmax of one row in place. */
final class ScalarSoftmax {
  private ScalarSoftmax() {}

  static void row(int n, float[] x, int at, float[] lanes) {
    scale(n, x, at, 1f / exponentials(n, x, at, lanes));
  }

  /** Replaces x by e^(x - maximum of x) and returns the sum: all of softmax but the division. */
  static float exponentials(int n, float[] x, int at, float[] lanes) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, x[at + j]);
    }
    for (int j = 0; j < n; j++) {
      x[at + j] = ScalarMath.expOfNonPositive(x[at + j] - max);
    }
    return sum(n, x, at, lanes);
  }

  /** {@code x *= factor}. */
  static void scale(int n, float[] x, int at, float factor) {
    for (int j = 0; j < n; j++) {
      x[at + j] *= factor;
    }
  }

  private static float sum(int n, float[] x, int at, float[] lanes) {
    Arrays.fill(lanes, 0, LANES, 0f);
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        lanes[l] += x[at + j + l];
      }
    }
    float sum = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      sum += x[at + j];
    }
    return sum;
  }
}

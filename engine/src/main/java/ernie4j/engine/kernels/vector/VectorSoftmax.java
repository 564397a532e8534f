package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_0;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_1;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_2;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_3;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_4;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_5;
import static ernie4j.engine.kernels.scalar.ScalarMath.EXP_ZERO;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_HIGH;
import static ernie4j.engine.kernels.scalar.ScalarMath.LN2_LOW;
import static ernie4j.engine.kernels.scalar.ScalarMath.LOG2_E;
import static ernie4j.engine.kernels.scalar.ScalarMath.ROUND;
import static ernie4j.engine.kernels.vector.VectorMath.INTS;
import static ernie4j.engine.kernels.vector.VectorMath.L;
import static ernie4j.engine.kernels.vector.VectorMath.S;
import static ernie4j.engine.kernels.vector.VectorMath.atLeast;
import static jdk.incubator.vector.FloatVector.broadcast;

import ernie4j.engine.kernels.scalar.LaneSums;
import ernie4j.engine.kernels.scalar.ScalarMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax in place: the twin of {@link ScalarSoftmax}, bit by bit. Each step processes all rows
 * before the next one begins: within a row every step waits for the previous one, and only several
 * rows at once keep the processor busy.
 */
final class VectorSoftmax {
  private VectorSoftmax() {}

  /** Rows that {@link #exponentials} takes at a time; it needs 18 values of scratch for each. */
  static final int ROWS = 8;

  static final int SCRATCH = ROWS * (LANES + 2);

  static void rows(int rows, int n, float[] x, int at, int ld, float[] scratch) {
    for (int i = 0; i < rows; i += ROWS) {
      int count = Math.min(ROWS, rows - i);
      int first = at + i * ld;
      exponentials(count, n, x, first, ld, scratch);
      for (int r = 0; r < count; r++) {
        scale(n, x, first + r * ld, 1f / scratch[r]);
      }
    }
  }

  /**
   * Replaces the values of every row by e^(x - maximum of the row): all of softmax but the
   * division.
   *
   * @param sums receives the sum of each row's exponentials; {@link #SCRATCH} values long
   */
  static void exponentials(int rows, int n, float[] x, int at, int ld, float[] sums) {
    for (int r = 0; r < rows; r++) {
      sums[ROWS + r] = maximum(n, x, at + r * ld);
    }
    for (int r = 0; r < rows; r++) {
      exponentials(n, x, at + r * ld, sums[ROWS + r], sums, 2 * ROWS + r * LANES);
    }
    for (int r = 0; r < rows; r++) {
      float sum = LaneSums.tree(sums, 2 * ROWS + r * LANES);
      for (int j = LaneSums.whole(n); j < n; j++) {
        sum += x[at + r * ld + j];
      }
      sums[r] = sum;
    }
  }

  private static float maximum(int n, float[] x, int at) {
    FloatVector top = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + j);
      // Not max, which is slower: a NaN that this skips makes the sum NaN anyway.
      top = top.blend(v, v.compare(VectorOperators.GT, top));
    }
    float max = top.reduceLanes(VectorOperators.MAX);
    for (int j = whole; j < n; j++) {
      max = Math.max(max, x[at + j]);
    }
    return max;
  }

  /**
   * Replaces x by e^(x - max) and puts the sums of the lanes into {@code lanes} from {@code to} on.
   * {@link VectorMath#expOfNonPositive} is written out, see {@link VectorMath}.
   */
  private static void exponentials(int n, float[] x, int at, float max, float[] lanes, int to) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector clamped = atLeast(FloatVector.fromArray(S, x, at + j).sub(max), EXP_ZERO);
        FloatVector t = clamped.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
        FloatVector m = t.sub(ROUND);
        FloatVector r = m.fma(broadcast(S, -LN2_HIGH), clamped);
        r = m.fma(broadcast(S, -LN2_LOW), r);
        FloatVector polynomial = r.fma(broadcast(S, EXP_0), broadcast(S, EXP_1));
        polynomial = polynomial.fma(r, broadcast(S, EXP_2));
        polynomial = polynomial.fma(r, broadcast(S, EXP_3));
        polynomial = polynomial.fma(r, broadcast(S, EXP_4));
        polynomial = polynomial.fma(r, broadcast(S, EXP_5));
        polynomial = polynomial.fma(r.mul(r), r).add(1f);
        IntVector bits = (IntVector) t.convertShape(VectorOperators.REINTERPRET_F2I, INTS, 0);
        IntVector exponent = bits.lanewise(VectorOperators.LSHL, 23).add(0x3f800000);
        FloatVector e =
            polynomial.mul(
                (FloatVector) exponent.convertShape(VectorOperators.REINTERPRET_I2F, S, 0));
        e.intoArray(x, at + j);
        sum = sum.add(e);
      }
      sum.intoArray(lanes, to + p);
    }
    for (int j = whole; j < n; j++) {
      x[at + j] = ScalarMath.expOfNonPositive(x[at + j] - max);
    }
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
}

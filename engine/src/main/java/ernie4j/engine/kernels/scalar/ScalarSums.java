package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;
import static ernie4j.engine.platform.Fma.fma;

/**
 * The sums of {@link LaneSums} with the sixteen lanes in local variables. A loop over an array of
 * lanes is not vectorized either, and takes twice as long.
 */
final class ScalarSums {
  private ScalarSums() {}

  /** The sum of the first n values. */
  static float sum(int n, float[] x, float[] lanes) {
    int whole = LaneSums.whole(n);
    // Half of the lanes at a time: all sixteen and their loads are too many for 16 registers.
    for (int half = 0; half < LANES; half += LANES / 2) {
      float a = 0f;
      float b = 0f;
      float c = 0f;
      float d = 0f;
      float e = 0f;
      float f = 0f;
      float g = 0f;
      float h = 0f;
      for (int j = half; j < whole; j += LANES) {
        a += x[j];
        b += x[j + 1];
        c += x[j + 2];
        d += x[j + 3];
        e += x[j + 4];
        f += x[j + 5];
        g += x[j + 6];
        h += x[j + 7];
      }
      store(lanes, half, a, b, c, d, e, f, g, h);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total += x[j];
    }
    return total;
  }

  /** The sum of the products of two rows, by fused multiply-adds. */
  static float products(int n, float[] x, float[] y, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int half = 0; half < LANES; half += LANES / 2) {
      float a = 0f;
      float b = 0f;
      float c = 0f;
      float d = 0f;
      float e = 0f;
      float f = 0f;
      float g = 0f;
      float h = 0f;
      for (int j = half; j < whole; j += LANES) {
        a = fma(x[j], y[j], a);
        b = fma(x[j + 1], y[j + 1], b);
        c = fma(x[j + 2], y[j + 2], c);
        d = fma(x[j + 3], y[j + 3], d);
        e = fma(x[j + 4], y[j + 4], e);
        f = fma(x[j + 5], y[j + 5], f);
        g = fma(x[j + 6], y[j + 6], g);
        h = fma(x[j + 7], y[j + 7], h);
      }
      store(lanes, half, a, b, c, d, e, f, g, h);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total = fma(x[j], y[j], total);
    }
    return total;
  }

  private static void store(
      float[] lanes,
      int at,
      float a,
      float b,
      float c,
      float d,
      float e,
      float f,
      float g,
      float h) {
    lanes[at] = a;
    lanes[at + 1] = b;
    lanes[at + 2] = c;
    lanes[at + 3] = d;
    lanes[at + 4] = e;
    lanes[at + 5] = f;
    lanes[at + 6] = g;
    lanes[at + 7] = h;
  }
}

package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;
import static ernie4j.engine.kernels.vector.VectorMath.L;
import static ernie4j.engine.kernels.vector.VectorMath.S;

import ernie4j.engine.kernels.scalar.LaneSums;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Layer norm of one row and its gradient: the twin of {@link ScalarLayerNorm}, bit by bit. */
final class VectorLayerNorm {
  private VectorLayerNorm() {}

  static void row(
      int n,
      float[] x,
      float @Nullable [] residual,
      int from,
      float[] gamma,
      float[] beta,
      float epsilon,
      float[] y,
      int to,
      float @Nullable [] statistics,
      int statisticsFrom,
      float[] lanes) {
    float mean = sum(n, x, residual, from, y, to, lanes) / n;
    float correction = centredSum(n, y, to, mean, lanes) / n;
    float squares = squares(n, y, to, mean, correction, lanes);
    float inverse = (float) (1 / Math.sqrt(squares / n + epsilon));
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += L) {
      FloatVector centred = FloatVector.fromArray(S, y, to + j).sub(mean).sub(correction);
      centred
          .mul(inverse)
          .fma(FloatVector.fromArray(S, gamma, j), FloatVector.fromArray(S, beta, j))
          .intoArray(y, to + j);
    }
    for (int j = whole; j < n; j++) {
      y[to + j] = Math.fma((y[to + j] - mean - correction) * inverse, gamma[j], beta[j]);
    }
    if (statistics != null) {
      statistics[statisticsFrom] = mean + correction;
      statistics[statisticsFrom + 1] = inverse;
    }
  }

  /** Writes x + residual to y and returns its sum. */
  private static float sum(
      int n, float[] x, float @Nullable [] residual, int from, float[] y, int to, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector v = FloatVector.fromArray(S, x, from + j);
        if (residual != null) {
          v = v.add(FloatVector.fromArray(S, residual, from + j));
        }
        v.intoArray(y, to + j);
        sum = sum.add(v);
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      float v = residual == null ? x[from + j] : x[from + j] + residual[from + j];
      y[to + j] = v;
      total += v;
    }
    return total;
  }

  private static float centredSum(int n, float[] y, int to, float mean, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        sum = sum.add(FloatVector.fromArray(S, y, to + j).sub(mean));
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total += y[to + j] - mean;
    }
    return total;
  }

  private static float squares(
      int n, float[] y, int to, float mean, float correction, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector centred = FloatVector.fromArray(S, y, to + j).sub(mean).sub(correction);
        sum = centred.fma(centred, sum);
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      float centred = y[to + j] - mean - correction;
      total = Math.fma(centred, centred, total);
    }
    return total;
  }

  static void rowBackward(
      int n,
      float[] x,
      float mean,
      float inverse,
      float[] gamma,
      float[] dy,
      float[] dx,
      int row,
      float[] lanes) {
    float meanGradient = gradientSum(n, gamma, dy, row, lanes) / n;
    float meanProduct = productSum(n, x, mean, inverse, gamma, dy, row, lanes) / n;
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += L) {
      FloatVector normalised = FloatVector.fromArray(S, x, row + j).sub(mean).mul(inverse);
      FloatVector g = FloatVector.fromArray(S, dy, row + j).mul(FloatVector.fromArray(S, gamma, j));
      FloatVector gradient = g.sub(meanGradient).sub(normalised.mul(meanProduct)).mul(inverse);
      FloatVector.fromArray(S, dx, row + j).add(gradient).intoArray(dx, row + j);
    }
    for (int j = whole; j < n; j++) {
      float normalised = (x[row + j] - mean) * inverse;
      float g = dy[row + j] * gamma[j];
      dx[row + j] += (g - meanGradient - normalised * meanProduct) * inverse;
    }
  }

  private static float gradientSum(int n, float[] gamma, float[] dy, int row, float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector g = FloatVector.fromArray(S, dy, row + j);
        sum = sum.add(g.mul(FloatVector.fromArray(S, gamma, j)));
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total += dy[row + j] * gamma[j];
    }
    return total;
  }

  private static float productSum(
      int n,
      float[] x,
      float mean,
      float inverse,
      float[] gamma,
      float[] dy,
      int row,
      float[] lanes) {
    int whole = LaneSums.whole(n);
    for (int p = 0; p < LANES; p += L) {
      FloatVector sum = FloatVector.zero(S);
      for (int j = p; j < whole; j += LANES) {
        FloatVector normalised = FloatVector.fromArray(S, x, row + j).sub(mean).mul(inverse);
        FloatVector g = FloatVector.fromArray(S, dy, row + j);
        sum = g.mul(FloatVector.fromArray(S, gamma, j)).fma(normalised, sum);
      }
      sum.intoArray(lanes, p);
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total = Math.fma(dy[row + j] * gamma[j], (x[row + j] - mean) * inverse, total);
    }
    return total;
  }
}

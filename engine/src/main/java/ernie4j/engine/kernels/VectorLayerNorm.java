package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Layer norm of one row and its gradient. The mean is corrected once (the mean of what is left
 * after subtracting it): float sums alone leave an error that epsilon 1e-12 would blow up in a
 * constant row.
 */
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
      int row) {
    float mean = sum(n, x, residual, from, y, to) / n;
    float correction = centredSum(n, y, to, mean) / n;
    float inverse = (float) (1 / Math.sqrt(squares(n, y, to, mean, correction) / n + epsilon));
    int whole = n - n % L;
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
      statistics[2 * row] = mean + correction;
      statistics[2 * row + 1] = inverse;
    }
  }

  /** Writes x + residual to y and returns its sum. */
  private static float sum(
      int n, float[] x, float @Nullable [] residual, int from, float[] y, int to) {
    FloatVector sum = FloatVector.zero(S);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, from + j);
      if (residual != null) {
        v = v.add(FloatVector.fromArray(S, residual, from + j));
      }
      v.intoArray(y, to + j);
      sum = sum.add(v);
    }
    float total = VectorMath.sum(sum);
    for (int j = whole; j < n; j++) {
      float v = residual == null ? x[from + j] : x[from + j] + residual[from + j];
      y[to + j] = v;
      total += v;
    }
    return total;
  }

  private static float centredSum(int n, float[] y, int to, float mean) {
    FloatVector sum = FloatVector.zero(S);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      sum = sum.add(FloatVector.fromArray(S, y, to + j).sub(mean));
    }
    float total = VectorMath.sum(sum);
    for (int j = whole; j < n; j++) {
      total += y[to + j] - mean;
    }
    return total;
  }

  private static float squares(int n, float[] y, int to, float mean, float correction) {
    FloatVector sum = FloatVector.zero(S);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector centred = FloatVector.fromArray(S, y, to + j).sub(mean).sub(correction);
      sum = centred.fma(centred, sum);
    }
    float total = VectorMath.sum(sum);
    for (int j = whole; j < n; j++) {
      float centred = y[to + j] - mean - correction;
      total = Math.fma(centred, centred, total);
    }
    return total;
  }

  static void rowBackward(
      int n, float[] x, float mean, float inverse, float[] gamma, float[] dy, float[] dx, int row) {
    FloatVector sum = FloatVector.zero(S);
    FloatVector product = FloatVector.zero(S);
    int whole = n - n % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector normalised = FloatVector.fromArray(S, x, row + j).sub(mean).mul(inverse);
      FloatVector g = FloatVector.fromArray(S, dy, row + j).mul(FloatVector.fromArray(S, gamma, j));
      sum = sum.add(g);
      product = g.fma(normalised, product);
    }
    float totalSum = VectorMath.sum(sum);
    float totalProduct = VectorMath.sum(product);
    for (int j = whole; j < n; j++) {
      float g = dy[row + j] * gamma[j];
      totalSum += g;
      totalProduct = Math.fma(g, (x[row + j] - mean) * inverse, totalProduct);
    }
    float meanGradient = totalSum / n;
    float meanProduct = totalProduct / n;
    for (int j = 0; j < whole; j += L) {
      FloatVector normalised = FloatVector.fromArray(S, x, row + j).sub(mean).mul(inverse);
      FloatVector g = FloatVector.fromArray(S, dy, row + j).mul(FloatVector.fromArray(S, gamma, j));
      FloatVector gradient = g.sub(meanGradient).sub(normalised.mul(meanProduct)).mul(inverse);
      FloatVector.fromArray(S, dx, row + j).add(gradient).intoArray(dx, row + j);
    }
    for (int j = whole; j < n; j++) {
      float normalised = (x[row + j] - mean) * inverse;
      float g = dy[row + j] * gamma[j];
      dx[row + j] += inverse * (g - meanGradient - normalised * meanProduct);
    }
  }
}

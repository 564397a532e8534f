package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;
import static ernie4j.engine.platform.Fma.fma;

import org.jspecify.annotations.Nullable;

/**
 * Layer norm of one row and its gradient. The mean is corrected once (by the mean of what is left
 * after subtracting it): float sums alone leave an error that epsilon 1e-12 would amplify in a
 * constant row. Rows are copied into arrays of their own, see {@link ScalarLoops}. One instance
 * belongs to one thread.
 */
final class ScalarLayerNorm {
  private final float[] lanes = new float[LANES];
  private float[] centred = new float[0];
  private float[] other = new float[0];
  private float[] result = new float[0];

  private void reserve(int n) {
    if (centred.length < n) {
      centred = new float[n];
      other = new float[n];
      result = new float[n];
    }
  }

  void row(
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
      int statisticsFrom) {
    reserve(n);
    System.arraycopy(x, from, centred, 0, n);
    if (residual != null) {
      System.arraycopy(residual, from, other, 0, n);
      ScalarLoops.add(n, centred, other);
    }
    float mean = ScalarSums.sum(n, centred, lanes) / n;
    ScalarLoops.subtract(n, centred, mean);
    float correction = ScalarSums.sum(n, centred, lanes) / n;
    ScalarLoops.subtract(n, centred, correction);
    float squares = ScalarSums.products(n, centred, centred, lanes);
    float inverse = (float) (1 / Math.sqrt(squares / n + epsilon));
    scale(n, centred, inverse, gamma, beta, result);
    System.arraycopy(result, 0, y, to, n);
    if (statistics != null) {
      statistics[statisticsFrom] = mean + correction;
      statistics[statisticsFrom + 1] = inverse;
    }
  }

  private static void scale(
      int n, float[] x, float factor, float[] gamma, float[] beta, float[] y) {
    for (int j = 0; j < n; j++) {
      y[j] = fma(x[j] * factor, gamma[j], beta[j]);
    }
  }

  void rowBackward(
      int n, float[] x, float mean, float inverse, float[] gamma, float[] dy, float[] dx, int row) {
    reserve(n);
    float[] normalised = centred;
    float[] gradient = other;
    System.arraycopy(x, row, normalised, 0, n);
    ScalarLoops.subtract(n, normalised, mean);
    ScalarLoops.multiply(n, normalised, inverse);
    System.arraycopy(dy, row, gradient, 0, n);
    ScalarLoops.multiply(n, gradient, gamma);
    float meanGradient = ScalarSums.sum(n, gradient, lanes) / n;
    float meanProduct = ScalarSums.products(n, gradient, normalised, lanes) / n;
    System.arraycopy(dx, row, result, 0, n);
    addGradient(n, gradient, meanGradient, normalised, meanProduct, inverse, result);
    System.arraycopy(result, 0, dx, row, n);
  }

  private static void addGradient(
      int n,
      float[] gradient,
      float meanGradient,
      float[] normalised,
      float meanProduct,
      float inverse,
      float[] dx) {
    for (int j = 0; j < n; j++) {
      dx[j] += (gradient[j] - meanGradient - normalised[j] * meanProduct) * inverse;
    }
  }
}

package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.LaneSums.LANES;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Layer norm of one row and its gradient. The mean is corrected once (by the mean of what is left
 * after subtracting it): float sums alone leave an error that epsilon 1e-12 would blow up in a
 * constant row.
 */
final class ScalarLayerNorm {
  private ScalarLayerNorm() {}

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
      int row,
      float[] lanes) {
    for (int j = 0; j < n; j++) {
      y[to + j] = residual == null ? x[from + j] : x[from + j] + residual[from + j];
    }
    float mean = centredSum(n, y, to, 0f, lanes) / n;
    float correction = centredSum(n, y, to, mean, lanes) / n;
    float squares = squares(n, y, to, mean, correction, lanes);
    float inverse = (float) (1 / Math.sqrt(squares / n + epsilon));
    for (int j = 0; j < n; j++) {
      y[to + j] = Math.fma((y[to + j] - mean - correction) * inverse, gamma[j], beta[j]);
    }
    if (statistics != null) {
      statistics[2 * row] = mean + correction;
      statistics[2 * row + 1] = inverse;
    }
  }

  private static float centredSum(int n, float[] y, int to, float mean, float[] lanes) {
    Arrays.fill(lanes, 0, LANES, 0f);
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        lanes[l] += y[to + j + l] - mean;
      }
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total += y[to + j] - mean;
    }
    return total;
  }

  private static float squares(
      int n, float[] y, int to, float mean, float correction, float[] lanes) {
    Arrays.fill(lanes, 0, LANES, 0f);
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        float centred = y[to + j + l] - mean - correction;
        lanes[l] = Math.fma(centred, centred, lanes[l]);
      }
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
    for (int j = 0; j < n; j++) {
      float normalised = (x[row + j] - mean) * inverse;
      float g = dy[row + j] * gamma[j];
      dx[row + j] += (g - meanGradient - normalised * meanProduct) * inverse;
    }
  }

  private static float gradientSum(int n, float[] gamma, float[] dy, int row, float[] lanes) {
    Arrays.fill(lanes, 0, LANES, 0f);
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        lanes[l] += dy[row + j + l] * gamma[j + l];
      }
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
    Arrays.fill(lanes, 0, LANES, 0f);
    int whole = LaneSums.whole(n);
    for (int j = 0; j < whole; j += LANES) {
      for (int l = 0; l < LANES; l++) {
        float normalised = (x[row + j + l] - mean) * inverse;
        lanes[l] = Math.fma(dy[row + j + l] * gamma[j + l], normalised, lanes[l]);
      }
    }
    float total = LaneSums.tree(lanes);
    for (int j = whole; j < n; j++) {
      total = Math.fma(dy[row + j] * gamma[j], (x[row + j] - mean) * inverse, total);
    }
    return total;
  }
}

package ernie4j.training.optimizer;

import ernie4j.engine.Parallel;
import ernie4j.training.autograd.Variable;
import java.util.Collection;

/** The norm of all gradients together, and the factor that bounds it. */
public final class GradientClipping {
  private GradientClipping() {}

  /** Values summed by one thread at a time; fixed, so the sum does not depend on the threads. */
  private static final int CHUNK = 1 << 14;

  /** The Euclidean norm over the gradients of all parameters. */
  public static double globalNorm(Collection<Variable> parameters, Parallel parallel) {
    double sum = 0;
    for (Variable parameter : parameters) {
      float[] gradient = parameter.gradient();
      int n = parameter.size();
      double[] sums = new double[(n + CHUNK - 1) / CHUNK];
      parallel.run(
          sums.length,
          1,
          (part, from, to) -> {
            for (int c = from; c < to; c++) {
              sums[c] = squares(gradient, c * CHUNK, Math.min(n, (c + 1) * CHUNK));
            }
          });
      for (double s : sums) {
        sum += s;
      }
    }
    return Math.sqrt(sum);
  }

  private static double squares(float[] x, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 4 <= to; i += 4) {
      s0 += (double) x[i] * x[i];
      s1 += (double) x[i + 1] * x[i + 1];
      s2 += (double) x[i + 2] * x[i + 2];
      s3 += (double) x[i + 3] * x[i + 3];
    }
    for (; i < to; i++) {
      s0 += (double) x[i] * x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** What gradients are multiplied by so that their norm is at most {@code maxNorm}. */
  public static double factor(double norm, double maxNorm) {
    return norm <= maxNorm ? 1 : maxNorm / norm; // an infinite limit too, and NaN stays NaN
  }
}

package ernie4j.training.optimizer;

import ernie4j.engine.Parallel;
import ernie4j.training.autograd.Variable;
import java.util.Collection;

/** The global norm of all gradients, and the factor that limits it. */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * The number of values that one thread sums up at a time; fixed, so that the sum does not depend
   * on the number of threads.
   */
  private static final int CHUNK = 1 << 14;

  /**
   * Computes the Euclidean norm over the gradients of all parameters.
   *
   * @param parameters variables with gradients
   * @param parallel the threads to compute on; stays open
   * @return the norm; NaN or infinity if a gradient is not finite
   */
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

  /**
   * Computes the factor that limits a norm.
   *
   * @param norm the global norm of the gradients
   * @param maxNorm the largest norm allowed, above 0; infinity for no limit
   * @return what to multiply the gradients by; 1 if the norm is small enough, NaN if it is NaN
   */
  public static double factor(double norm, double maxNorm) {
    return norm <= maxNorm ? 1 : maxNorm / norm; // an infinite limit too, and NaN stays NaN
  }
}

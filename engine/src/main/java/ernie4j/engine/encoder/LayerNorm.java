package ernie4j.engine.encoder;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Layer norm over the last axis, with the residual addition that precedes it in this architecture.
 */
public final class LayerNorm {
  private final Kernels kernels;
  private final float[] gamma;
  private final float[] beta;
  private final float epsilon;

  private LayerNorm(Kernels kernels, float[] gamma, float[] beta, float epsilon) {
    this.kernels = kernels;
    this.gamma = gamma;
    this.beta = beta;
    this.epsilon = epsilon;
  }

  /** Reads {@code name.weight} (gamma) and {@code name.bias} (beta), each {@code [size]}. */
  public static LayerNorm of(
      Kernels kernels, ParameterSource parameters, int size, float epsilon, String name) {
    return new LayerNorm(
        kernels,
        parameters.get(name + ".weight", size).toArray(),
        parameters.get(name + ".bias", size).toArray(),
        epsilon);
  }

  /**
   * {@code x = norm(x + residual)} for the rows {@code [first, first + rows)} of matrices whose
   * rows stand close together.
   */
  public void apply(int first, int rows, float[] x, float @Nullable [] residual) {
    int n = gamma.length;
    int offset = first * n;
    kernels.layerNorm(rows, n, x, residual, offset, n, gamma, beta, epsilon, x, offset, n, null, 0);
  }
}

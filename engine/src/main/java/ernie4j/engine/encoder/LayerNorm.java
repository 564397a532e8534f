package ernie4j.engine.encoder;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Layer norm over the last axis, with the residual addition that precedes it in this architecture.
 * Immutable; may be shared between threads.
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

  /**
   * Reads {@code name.weight} (gamma) and {@code name.bias} (beta), each {@code [size]}.
   *
   * @param kernels the kernels to compute with
   * @param parameters where the two parameters are read
   * @param size the length of a row
   * @param epsilon added to the variance
   * @param name the name of the norm, without {@code .weight}
   * @return the norm
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static LayerNorm of(
      Kernels kernels, ParameterSource parameters, int size, float epsilon, String name) {
    return new LayerNorm(
        kernels,
        parameters.get(name + ".weight", size).toArray(),
        parameters.get(name + ".bias", size).toArray(),
        epsilon);
  }

  /**
   * Computes {@code x = norm(x + residual)} for the rows {@code [first, first + rows)} of dense
   * matrices.
   *
   * @param first index of the first row
   * @param rows the number of rows
   * @param x input and output, {@code [rows in all, size]}, row-major
   * @param residual added before the norm, of the same shape; null for nothing
   */
  public void apply(int first, int rows, float[] x, float @Nullable [] residual) {
    int n = gamma.length;
    int offset = first * n;
    kernels.layerNorm(rows, n, x, residual, offset, n, gamma, beta, epsilon, x, offset, n, null, 0);
  }
}

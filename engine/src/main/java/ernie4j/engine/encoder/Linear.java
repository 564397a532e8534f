package ernie4j.engine.encoder;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code Y = X W + b} with W packed once for the kernels; immutable, shared by
 * threads. Several layers that read the same X (query, key and value) can be one: their columns
 * stand side by side.
 */
public final class Linear {
  private final Kernels kernels;
  private final PackedMatrix weight;
  private final float @Nullable [] bias;

  private Linear(Kernels kernels, PackedMatrix weight, float @Nullable [] bias) {
    this.kernels = kernels;
    this.weight = weight;
    this.bias = bias;
  }

  /**
   * Packs the layers {@code names}, each {@code name.weight} {@code [in, out]} and {@code
   * name.bias} {@code [out]}, side by side.
   *
   * @param in the expected number of rows of every weight
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static Linear of(Kernels kernels, ParameterStore parameters, int in, String... names) {
    int out = 0;
    for (String name : names) {
      out += weight(parameters, name, in).dimension(1);
    }
    PackedMatrix packed = kernels.newPackedMatrix(in, out);
    float[] bias = new float[out];
    int column = 0;
    for (String name : names) {
      Tensor weight = weight(parameters, name, in);
      int count = weight.dimension(1);
      Tensor b = parameters.get(name + ".bias", count);
      kernels.pack(weight.data(), weight.offset(), count, false, packed, column, count);
      System.arraycopy(b.data(), b.offset(), bias, column, count);
      column += count;
    }
    return new Linear(kernels, packed, bias);
  }

  private static Tensor weight(ParameterStore parameters, String name, int in) {
    Tensor weight = parameters.get(name + ".weight");
    if (weight.rank() != 2 || weight.dimension(0) != in) {
      throw new IllegalArgumentException(
          "Parameter '%s.weight': expected shape [%d, out], got %s".formatted(name, in, weight));
    }
    return weight;
  }

  /** A layer whose weight is the transpose of {@code matrix [out, in]}: the tied decoder. */
  public static Linear transposed(Kernels kernels, Tensor matrix, @Nullable Tensor bias) {
    int out = matrix.dimension(0);
    int in = matrix.dimension(1);
    PackedMatrix packed = kernels.newPackedMatrix(in, out);
    kernels.pack(matrix.data(), matrix.offset(), in, true, packed, 0, out);
    return new Linear(kernels, packed, bias == null ? null : bias.toArray());
  }

  /** The number of input columns. */
  public int in() {
    return weight.rows();
  }

  /** The number of output columns. */
  public int out() {
    return weight.columns();
  }

  /** Computes {@code y [rows, out]} from {@code x [rows, in]}. */
  public void apply(int rows, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    kernels.gemm(rows, x, xOffset, ldx, weight, bias, y, yOffset, ldy);
  }

  /** Computes {@code y [rows, out]} from {@code x [rows, in]} in a new array. */
  public float[] apply(int rows, float[] x, int xOffset, int ldx) {
    float[] y = new float[Math.multiplyExact(rows, out())];
    apply(rows, x, xOffset, ldx, y, 0, out());
    return y;
  }
}

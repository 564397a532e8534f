package ernie4j.engine.encoder;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code Y = X W + b} with W packed once for the kernels; immutable, shared by
 * threads. Several layers that read the same X (query, key and value) can be one: their columns
 * stand side by side.
 */
public final class Linear {
  /** Values that are read before they are packed: few enough to stay in the second-level cache. */
  private static final int BLOCK = 1 << 14;

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
  public static Linear of(Kernels kernels, ParameterSource parameters, int in, String... names) {
    int out = 0;
    for (String name : names) {
      out += columns(parameters, name, in);
    }
    PackedMatrix packed = kernels.newPackedMatrix(in, out);
    float[] bias = new float[out];
    float[] block = new float[Math.max(out, Math.min(BLOCK, Math.multiplyExact(in, out)))];
    int column = 0;
    for (String name : names) {
      int count = columns(parameters, name, in);
      System.arraycopy(parameters.get(name + ".bias", count).toArray(), 0, bias, column, count);
      int height = block.length / count;
      for (int row = 0; row < in; row += height) {
        int rows = Math.min(height, in - row);
        parameters.read(name + ".weight", row * count, rows * count, block, 0);
        kernels.packBlock(rows, count, block, 0, count, packed, row, column);
      }
      column += count;
    }
    return new Linear(kernels, packed, bias);
  }

  private static int columns(ParameterSource parameters, String name, int in) {
    int[] shape = parameters.shape(name + ".weight");
    if (shape.length != 2 || shape[0] != in || shape[1] < 1) {
      throw new IllegalArgumentException(
          "Parameter '%s.weight': expected shape [%d, out], got %s"
              .formatted(name, in, Arrays.toString(shape)));
    }
    return shape[1];
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

  /**
   * Computes {@code y = gelu(x W + b)}.
   *
   * @throws IllegalStateException if the layer has no bias
   */
  void applyGelu(int rows, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    if (bias == null) {
      throw new IllegalStateException("Linear.applyGelu: the layer has no bias");
    }
    kernels.gemmGelu(rows, x, xOffset, ldx, weight, bias, y, yOffset, ldy);
  }

  /** Computes {@code y [rows, out]} from {@code x [rows, in]} in a new array. */
  public float[] apply(int rows, float[] x, int xOffset, int ldx) {
    float[] y = new float[Math.multiplyExact(rows, out())];
    apply(rows, x, xOffset, ldx, y, 0, out());
    return y;
  }
}

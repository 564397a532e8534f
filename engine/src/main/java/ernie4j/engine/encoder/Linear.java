package ernie4j.engine.encoder;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code Y = X W + b} with W packed once for the kernels, in float32 or int8;
 * immutable, shared by threads. Several layers that read the same X (query, key and value) can be
 * one: their columns stand side by side.
 */
public final class Linear {
  private final LinearProduct[] products;
  private final int out;

  private Linear(List<? extends LinearProduct> products) {
    this.products = products.toArray(new LinearProduct[0]);
    this.out = products.stream().mapToInt(LinearProduct::out).sum();
  }

  /**
   * Packs the layers {@code names}, each {@code name.weight} {@code [in, out]} and {@code
   * name.bias} {@code [out]}, side by side. A weight of int8 codes is used as such; what else it
   * needs is said in {@link ernie4j.engine.ParameterNames}.
   *
   * @param in the expected number of rows of every weight
   * @throws IllegalArgumentException if a parameter is missing or its shape or a scale does not fit
   */
  public static Linear of(Kernels kernels, ParameterSource parameters, int in, String... names) {
    return new Linear(new LinearReader(kernels, parameters, in).products(List.of(names)));
  }

  /** A layer whose weight is the transpose of {@code matrix [out, in]}: the tied decoder. */
  public static Linear transposed(Kernels kernels, Tensor matrix, @Nullable Tensor bias) {
    int out = matrix.dimension(0);
    int in = matrix.dimension(1);
    PackedMatrix packed = kernels.newPackedMatrix(in, out);
    kernels.pack(matrix.data(), matrix.offset(), in, true, packed, 0, out);
    return new Linear(
        List.of(new FloatProduct(kernels, packed, bias == null ? null : bias.toArray())));
  }

  /** The number of input columns. */
  public int in() {
    return products[0].in();
  }

  /** The number of output columns. */
  public int out() {
    return out;
  }

  /** Computes {@code y [rows, out]} from {@code x [rows, in]}. */
  public void apply(int rows, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    apply(Epilogue.NONE, rows, x, xOffset, ldx, y, yOffset, ldy);
  }

  /** Computes {@code y = epilogue(x W + b)}. */
  void apply(
      Epilogue epilogue,
      int rows,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy) {
    int column = yOffset;
    for (LinearProduct product : products) {
      product.apply(epilogue, rows, x, xOffset, ldx, y, column, ldy);
      column += product.out();
    }
  }

  /** Computes {@code y [rows, out]} from {@code x [rows, in]} in a new array. */
  public float[] apply(int rows, float[] x, int xOffset, int ldx) {
    float[] y = new float[Math.multiplyExact(rows, out())];
    apply(rows, x, xOffset, ldx, y, 0, out());
    return y;
  }
}

package ernie4j.engine.encoder;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code Y = X W + b} with W packed once for the kernels, in float32 or int8.
 * Immutable; may be shared between threads. Several layers that read the same X (query, key and
 * value) can be one: their columns are side by side.
 */
public final class Linear {
  private final LinearProduct[] products;
  private final int out;

  private Linear(List<? extends LinearProduct> products) {
    this.products = products.toArray(new LinearProduct[0]);
    this.out = products.stream().mapToInt(LinearProduct::out).sum();
  }

  /**
   * Packs layers side by side, each {@code name.weight} {@code [in, out]} and {@code name.bias}
   * {@code [out]}. A weight of int8 codes is used as such; {@link ernie4j.engine.ParameterNames}
   * describes its scales.
   *
   * @param kernels the kernels to pack for and compute with
   * @param parameters where the parameters are read
   * @param in the expected number of rows of every weight
   * @param names the names of the layers, at least one
   * @return one layer with the outputs of all, in this order
   * @throws IllegalArgumentException if a parameter is missing or its shape or a scale does not fit
   */
  public static Linear of(Kernels kernels, ParameterSource parameters, int in, String... names) {
    return new Linear(new LinearReader(kernels, parameters, in).products(List.of(names)));
  }

  /**
   * Packs a layer whose weight is the transpose of a matrix: the tied decoder.
   *
   * @param kernels the kernels to pack for and compute with
   * @param matrix the transposed weight, {@code [out, in]}
   * @param bias {@code [out]}; null for none
   * @return the layer
   */
  public static Linear transposed(Kernels kernels, Tensor matrix, @Nullable Tensor bias) {
    int out = matrix.dimension(0);
    int in = matrix.dimension(1);
    PackedMatrix packed = kernels.newPackedMatrix(in, out);
    kernels.pack(matrix.data(), matrix.offset(), in, true, packed, 0, out);
    return new Linear(
        List.of(new FloatProduct(kernels, packed, bias == null ? null : bias.toArray())));
  }

  /** {@return the number of input columns} */
  public int in() {
    return products[0].in();
  }

  /** {@return the number of output columns, those of all layers together} */
  public int out() {
    return out;
  }

  /**
   * Computes {@code y = x W + b}, {@code y [rows, out]} from {@code x [rows, in]}.
   *
   * @param rows the number of rows
   * @param x the input
   * @param xOffset index in {@code x} of the first value
   * @param ldx the distance between rows of x, at least {@link #in}
   * @param y the output
   * @param yOffset index in {@code y} of the first value
   * @param ldy the distance between rows of y, at least {@link #out}
   */
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

  /**
   * Computes {@code x W + b} in a new array.
   *
   * @param rows the number of rows
   * @param x the input
   * @param xOffset index in {@code x} of the first value
   * @param ldx the distance between rows of x, at least {@link #in}
   * @return {@code [rows, out]}, row-major
   */
  public float[] apply(int rows, float[] x, int xOffset, int ldx) {
    float[] y = new float[Math.multiplyExact(rows, out())];
    apply(rows, x, xOffset, ldx, y, 0, out());
    return y;
  }
}

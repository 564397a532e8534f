package ernie4j.engine;

import java.util.Arrays;

/**
 * A parameter that holds int8 codes: a linear layer's weight {@code [in, out]} or an embedding
 * table {@code [rows, hidden]}. What a code is worth stands in other parameters, see {@link
 * ParameterNames}. The array is shared, not copied.
 */
public final class Int8Tensor {
  private final byte[] codes;
  private final int[] shape;

  private Int8Tensor(byte[] codes, int[] shape) {
    this.codes = codes;
    this.shape = shape;
    if (Tensor.elementCount(shape) != codes.length) {
      throw new IllegalArgumentException(
          "Int8Tensor: shape %s has %d elements, but the array has %d"
              .formatted(Arrays.toString(shape), Tensor.elementCount(shape), codes.length));
    }
  }

  /**
   * A tensor over a whole array.
   *
   * @throws IllegalArgumentException if the shape does not have exactly as many elements
   */
  public static Int8Tensor of(byte[] codes, int... shape) {
    return new Int8Tensor(codes, shape.clone());
  }

  /** The shared codes, row-major. */
  public byte[] codes() {
    return codes;
  }

  /** A copy of the shape. */
  public int[] shape() {
    return shape.clone();
  }

  /** The number of codes. */
  public int size() {
    return codes.length;
  }

  /** The shape, for example {@code [312, 1248]}. */
  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}

package ernie4j.engine;

import java.util.Arrays;
import java.util.Objects;

/**
 * A dense float32 tensor: a shape over a row-major stretch of one {@code float[]}.
 *
 * <p>There is no broadcasting and no view algebra: a tensor carries the numbers of a parameter,
 * arithmetic is the kernels' business. Paddle's layout is kept everywhere: a linear layer's weight
 * is {@code [in, out]}, an embedding {@code [rows, hidden]}.
 *
 * <p>The array is shared, not copied; whoever writes to {@link #data()} changes the tensor.
 */
public final class Tensor implements Weight {
  private final float[] data;
  private final int offset;
  private final int[] shape;
  private final int size;

  private Tensor(float[] data, int offset, int[] shape) {
    this.data = data;
    this.offset = offset;
    this.shape = shape;
    this.size = elementCount(shape);
    if (offset < 0 || size > data.length - offset) {
      throw new IllegalArgumentException(
          String.format(
              "Tensor: shape %s needs %d values from offset %d, but the array has %d values",
              Arrays.toString(shape), size, offset, data.length));
    }
  }

  /** A tensor of zeros. */
  public static Tensor zeros(int... shape) {
    return new Tensor(new float[elementCount(shape)], 0, shape.clone());
  }

  /**
   * A tensor over a whole array.
   *
   * @throws IllegalArgumentException if the shape does not have exactly as many elements as the
   *     array
   */
  public static Tensor of(float[] data, int... shape) {
    if (elementCount(shape) != data.length) {
      throw new IllegalArgumentException(
          String.format(
              "Tensor: shape %s has %d elements, but the array has %d",
              Arrays.toString(shape), elementCount(shape), data.length));
    }
    return new Tensor(data, 0, shape.clone());
  }

  /** A tensor over {@code data[offset ...]}. */
  public static Tensor wrap(float[] data, int offset, int... shape) {
    return new Tensor(data, offset, shape.clone());
  }

  /**
   * The number of elements of a shape; 1 for the empty shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or the product exceeds an int
   */
  static int elementCount(int[] shape) {
    long count = 1;
    for (int dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "Tensor: negative dimension in " + Arrays.toString(shape));
      }
      count = Math.multiplyExact(count, (long) dimension);
      if (count > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            String.format(
                "Tensor: shape %s has more than 2^31-1 elements", Arrays.toString(shape)));
      }
    }
    return (int) count;
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The length of one dimension, counted from 0. */
  public int dimension(int axis) {
    return shape[axis];
  }

  @Override
  public WeightType type() {
    return WeightType.FLOAT32;
  }

  @Override
  public Tensor inMemory() {
    return this;
  }

  @Override
  public void read(int first, int count, float[] into, int to) {
    Objects.checkFromIndexSize(first, count, size);
    System.arraycopy(data, offset + first, into, to, count);
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  /** Whether this tensor has exactly the given shape. */
  public boolean hasShape(int... expected) {
    return Arrays.equals(shape, expected);
  }

  @Override
  public int size() {
    return size;
  }

  /** The shared array that holds the values from {@link #offset()} on. */
  public float[] data() {
    return data;
  }

  /** Where this tensor starts in {@link #data()}. */
  public int offset() {
    return offset;
  }

  /** The element at a flat row-major index. */
  public float get(int index) {
    return data[offset + Objects.checkIndex(index, size)];
  }

  /** A copy of the values. */
  public float[] toArray() {
    return Arrays.copyOfRange(data, offset, offset + size);
  }

  /** A tensor with its own copy of the values. */
  public Tensor copy() {
    return new Tensor(toArray(), 0, shape.clone());
  }

  /** The shape, for example {@code [312, 1248]}. */
  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}

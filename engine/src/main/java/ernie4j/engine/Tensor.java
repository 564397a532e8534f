package ernie4j.engine;

import java.util.Arrays;
import java.util.Objects;

/**
 * A dense float32 tensor: a shape over a contiguous, row-major range of one {@code float[]}.
 *
 * <p>There is no broadcasting and no view algebra: a tensor holds the values of a parameter, and
 * the kernels do the arithmetic. Paddle's layout is kept everywhere: a linear layer's weight is
 * {@code [in, out]}, an embedding {@code [rows, hidden]}.
 *
 * <p>The array is shared, not copied; writing to {@link #data()} changes the tensor.
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

  /**
   * Returns a tensor of zeros.
   *
   * @param shape the dimensions; none for a single value
   * @return a new tensor
   * @throws IllegalArgumentException if a dimension is negative or there are more than 2^31-1
   *     elements
   */
  public static Tensor zeros(int... shape) {
    return new Tensor(new float[elementCount(shape)], 0, shape.clone());
  }

  /**
   * Returns a tensor over a whole array.
   *
   * @param data the values, row-major; shared, not copied
   * @param shape the dimensions; none for a single value
   * @return the tensor
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

  /**
   * Returns a tensor over a part of an array.
   *
   * @param data the array; shared, not copied
   * @param offset index of the first value
   * @param shape the dimensions; none for a single value
   * @return the tensor over {@code data[offset ...]}, row-major
   * @throws IllegalArgumentException if the array does not have that range
   */
  public static Tensor wrap(float[] data, int offset, int... shape) {
    return new Tensor(data, offset, shape.clone());
  }

  /**
   * Returns the number of elements of a shape; 1 for the empty shape.
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

  /** {@return the number of dimensions} */
  public int rank() {
    return shape.length;
  }

  /**
   * Returns the length of one dimension.
   *
   * @param axis index of the dimension, from 0
   * @return its length
   */
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

  /**
   * Compares the shape.
   *
   * @param expected the dimensions to compare with
   * @return whether this tensor has exactly that shape
   */
  public boolean hasShape(int... expected) {
    return Arrays.equals(shape, expected);
  }

  @Override
  public int size() {
    return size;
  }

  /** {@return the shared array that holds the values from {@link #offset()} on} */
  public float[] data() {
    return data;
  }

  /** {@return the index of the first value in {@link #data()}} */
  public int offset() {
    return offset;
  }

  /**
   * Returns an element.
   *
   * @param index flat row-major index, from 0 to {@code size() - 1}
   * @return the value
   * @throws IndexOutOfBoundsException if the index is out of range
   */
  public float get(int index) {
    return data[offset + Objects.checkIndex(index, size)];
  }

  /** {@return a copy of the values, row-major} */
  public float[] toArray() {
    return Arrays.copyOfRange(data, offset, offset + size);
  }

  /** {@return a tensor with its own copy of the values} */
  public Tensor copy() {
    return new Tensor(toArray(), 0, shape.clone());
  }

  /** {@return the shape, for example {@code [312, 1248]}} */
  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}

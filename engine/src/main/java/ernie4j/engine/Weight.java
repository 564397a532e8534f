package ernie4j.engine;

/**
 * A parameter of a model: its element type, its shape, and its values. In memory it is a {@link
 * Tensor}, a {@link Bfloat16Weight} or an {@link Int8Weight}; a parameter in a file is read on
 * demand.
 *
 * <p>Methods of a parameter that is not in memory throw {@link java.io.UncheckedIOException} if its
 * file cannot be read and {@link IllegalStateException} if it is closed.
 */
public interface Weight {
  /** {@return the type of its elements} */
  WeightType type();

  /** {@return a copy of the shape} */
  int[] shape();

  /**
   * Returns the whole parameter in memory.
   *
   * @return this parameter if it is in memory already, otherwise one with the values read
   * @throws IllegalArgumentException if its content is not a valid weight
   */
  Weight inMemory();

  /**
   * Copies a range of floats to an array, as float32.
   *
   * @param offset flat row-major index of the first element
   * @param count the number of elements
   * @param into the array to write to
   * @param to index in {@code into} of the first element
   * @throws IllegalArgumentException if this parameter holds codes
   * @throws IndexOutOfBoundsException if the parameter or the array does not have that range
   */
  default void read(int offset, int count, float[] into, int to) {
    throw new IllegalArgumentException("Weight: expected floats, got " + type() + " codes");
  }

  /**
   * Returns all elements as float32.
   *
   * @return the values; shared if this is a {@link Tensor}
   * @throws IllegalArgumentException if this parameter holds codes
   */
  default Tensor floats() {
    if (inMemory() instanceof Tensor tensor) {
      return tensor;
    }
    Tensor tensor = Tensor.zeros(shape());
    read(0, tensor.size(), tensor.data(), 0);
    return tensor;
  }

  /** {@return the number of elements} */
  default int size() {
    return Tensor.elementCount(shape());
  }
}

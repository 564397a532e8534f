package ernie4j.engine;

/**
 * A parameter of a model: its element type, its shape, and its values. In memory it is a {@link
 * Tensor}, a {@link Bfloat16Weight} or an {@link Int8Weight}; one of a file is read when it is
 * asked for.
 *
 * <p>What is not in memory throws {@link java.io.UncheckedIOException} if its file cannot be read
 * and {@link IllegalStateException} if it is closed.
 */
public interface Weight {
  /** What its elements are. */
  WeightType type();

  /** A copy of the shape. */
  int[] shape();

  /**
   * The whole parameter in memory: itself if it is there already.
   *
   * @throws IllegalArgumentException if what it holds makes no weight
   */
  Weight inMemory();

  /**
   * Copies the floats {@code [offset, offset + count)}, counted row by row, to {@code into} from
   * index {@code to} on.
   *
   * @throws IllegalArgumentException if it holds codes
   * @throws IndexOutOfBoundsException if the parameter or the array does not have that range
   */
  default void read(int offset, int count, float[] into, int to) {
    throw new IllegalArgumentException("Weight: expected floats, got " + type() + " codes");
  }

  /**
   * All of it as float32.
   *
   * @throws IllegalArgumentException if it holds codes
   */
  default Tensor floats() {
    if (inMemory() instanceof Tensor tensor) {
      return tensor;
    }
    Tensor tensor = Tensor.zeros(shape());
    read(0, tensor.size(), tensor.data(), 0);
    return tensor;
  }

  /** The number of elements. */
  default int size() {
    return Tensor.elementCount(shape());
  }
}

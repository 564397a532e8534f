package ernie4j.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Where the parameters of a model come from: memory ({@link ParameterStore}), or a file that is
 * read piece by piece while an encoder takes its weights from it. Safe for several threads as long
 * as nobody changes it.
 *
 * <p>Paddle's structured names and its {@code [in, out]} layout are the canonical form everywhere
 * in this project, for example {@code ernie.encoder.layers.0.linear1.weight}; importers translate.
 * A quantized model holds int8 codes under the same names, and their scales beside them; see {@link
 * ParameterNames}.
 *
 * <p>Methods that take a name throw {@link IllegalArgumentException} if there is no such parameter,
 * and, where values come from a file, {@link java.io.UncheckedIOException} if that cannot be read
 * or {@link IllegalStateException} if it is closed.
 */
public interface ParameterSource {
  /** The names, in the order in which the parameters were added or stand in the file. */
  Set<String> names();

  /** The shape of a parameter. */
  int[] shape(String name);

  /**
   * Copies the values {@code [offset, offset + count)} of a parameter, counted row by row, to
   * {@code into} from index {@code to} on.
   *
   * @throws IndexOutOfBoundsException if the parameter or the array does not have that range
   */
  void read(String name, int offset, int count, float[] into, int to);

  /** Whether a parameter holds int8 codes; then {@link #readCodes} reads it and nothing else. */
  default boolean isInt8(String name) {
    return false;
  }

  /**
   * As {@link #read}, for a parameter of int8 codes.
   *
   * @throws IllegalArgumentException if it holds floats
   */
  default void readCodes(String name, int offset, int count, byte[] into, int to) {
    throw notInt8(name);
  }

  /** A whole parameter of int8 codes; its array may be shared with this source. */
  default Int8Tensor getCodes(String name) {
    int[] shape = shape(name);
    byte[] codes = new byte[Tensor.elementCount(shape)];
    readCodes(name, 0, codes.length, codes, 0);
    return Int8Tensor.of(codes, shape);
  }

  /** What is wrong when somebody asks for the floats of int8 codes. */
  static IllegalArgumentException notFloat(String name) {
    return new IllegalArgumentException(
        "Parameter '%s' holds int8 codes, expected floats; a quantized model can only run: train, prune or convert the model that it was made of"
            .formatted(name));
  }

  /** What is wrong when somebody asks for the int8 codes of floats. */
  static IllegalArgumentException notInt8(String name) {
    return new IllegalArgumentException(
        "Parameter '%s' holds floats, expected int8 codes".formatted(name));
  }

  /** Whether there is a parameter of that name. */
  default boolean contains(String name) {
    return names().contains(name);
  }

  /** A whole parameter; its array may be shared with this source. */
  default Tensor get(String name) {
    int[] shape = shape(name);
    Tensor tensor = Tensor.zeros(shape);
    read(name, 0, tensor.size(), tensor.data(), 0);
    return tensor;
  }

  /**
   * A whole parameter, which must have that shape.
   *
   * @throws IllegalArgumentException if its shape is another
   */
  default Tensor get(String name, int... shape) {
    int[] actual = shape(name);
    if (!Arrays.equals(actual, shape)) {
      throw new IllegalArgumentException(
          "Parameter '%s': expected shape %s, got %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(actual)));
    }
    return get(name);
  }

  /**
   * All parameters in the order of {@link #names}.
   *
   * @throws IllegalArgumentException if one holds int8 codes
   */
  default Map<String, Tensor> asMap() {
    Map<String, Tensor> map = new LinkedHashMap<>();
    names().forEach(name -> map.put(name, get(name)));
    return Collections.unmodifiableMap(map);
  }

  /** The number of parameters (tensors). */
  default int size() {
    return names().size();
  }

  /** The number of values in all tensors. */
  default long elementCount() {
    return names().stream().mapToLong(name -> Tensor.elementCount(shape(name))).sum();
  }
}

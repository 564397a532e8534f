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
 * A weight in int8 has its scales or its dictionary with it, whereas a file keeps them beside it,
 * see {@link ParameterNames}.
 *
 * <p>Methods that take a name throw {@link IllegalArgumentException} if there is no such parameter,
 * and, where values come from a file, {@link java.io.UncheckedIOException} if that cannot be read
 * or {@link IllegalStateException} if it is closed.
 */
public interface ParameterSource {
  /** The parameters by name, in the order in which they were added or stand in the file. */
  Map<String, Weight> weights();

  /** The parameter of that name. */
  default Weight weight(String name) {
    Weight weight = weights().get(name);
    if (weight == null) {
      throw new IllegalArgumentException(
          String.format(
              "The model has no parameter '%s' (it has %d parameters%s)",
              name, size(), nearest(names(), name)));
    }
    return weight;
  }

  private static String nearest(Set<String> names, String name) {
    String tail = name.substring(name.lastIndexOf('.') + 1);
    return names.stream()
        .filter(candidate -> candidate.endsWith(tail))
        .findFirst()
        .map(candidate -> ", one of them '" + candidate + "'")
        .orElse("");
  }

  /** The names, in the order of {@link #weights}. */
  default Set<String> names() {
    return weights().keySet();
  }

  /** Whether there is a parameter of that name. */
  default boolean contains(String name) {
    return weights().containsKey(name);
  }

  /** The shape of a parameter. */
  default int[] shape(String name) {
    return weight(name).shape();
  }

  /** Whether a parameter holds int8 codes. */
  default boolean isInt8(String name) {
    return weight(name).type() == WeightType.INT8;
  }

  /**
   * A whole parameter of floats, as float32; its array may be shared with this source.
   *
   * @throws IllegalArgumentException if it holds int8 codes
   */
  default Tensor get(String name) {
    Weight weight = weight(name);
    if (weight.type().isFloat()) {
      return weight.floats();
    }
    throw new IllegalArgumentException(
        String.format(
            "Parameter '%s' holds %s codes, expected floats; a quantized model can only run: train, prune or convert the model that it was made of",
            name, weight.type()));
  }

  /**
   * A whole parameter of floats, which must have that shape.
   *
   * @throws IllegalArgumentException if its shape is another, or it holds int8 codes
   */
  default Tensor get(String name, int... shape) {
    requireShape(name, shape);
    return get(name);
  }

  /**
   * Checks the shape of a parameter.
   *
   * @throws IllegalArgumentException if it is another
   */
  default void requireShape(String name, int... shape) {
    int[] actual = shape(name);
    if (!Arrays.equals(actual, shape)) {
      throw new IllegalArgumentException(
          String.format(
              "Parameter '%s': expected shape %s, got %s",
              name, Arrays.toString(shape), Arrays.toString(actual)));
    }
  }

  /**
   * All parameters as floats, in the order of {@link #names}.
   *
   * @throws IllegalArgumentException if one holds int8 codes
   */
  default Map<String, Tensor> asMap() {
    Map<String, Tensor> map = new LinkedHashMap<>();
    names().forEach(name -> map.put(name, get(name)));
    return Collections.unmodifiableMap(map);
  }

  /** The number of parameters. */
  default int size() {
    return weights().size();
  }

  /** The number of elements of all parameters. */
  default long elementCount() {
    return weights().values().stream().mapToLong(Weight::size).sum();
  }
}

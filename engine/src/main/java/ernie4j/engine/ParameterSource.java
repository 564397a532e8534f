package ernie4j.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a model, from memory ({@link ParameterStore}) or from a file that is read piece
 * by piece while an encoder takes its weights. Safe for several threads as long as nobody changes
 * it.
 *
 * <p>Paddle's structured names and its {@code [in, out]} layout are the canonical form everywhere
 * in this project, for example {@code ernie.encoder.layers.0.linear1.weight}; importers translate.
 * A weight in int8 includes its scales or its dictionary, whereas a file stores them beside it; see
 * {@link ParameterNames}.
 *
 * <p>Methods that take a name throw {@link IllegalArgumentException} if there is no such parameter.
 * If values come from a file, they throw {@link java.io.UncheckedIOException} if it cannot be read
 * and {@link IllegalStateException} if it is closed.
 */
public interface ParameterSource {
  /**
   * {@return the parameters by name, in the order in which they were added or stored in the file;
   * unmodifiable}
   */
  Map<String, Weight> weights();

  /**
   * Returns a parameter.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @return the parameter
   * @throws IllegalArgumentException if there is none of that name
   */
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

  /** {@return the names, in the order of {@link #weights}} */
  default Set<String> names() {
    return weights().keySet();
  }

  /**
   * Checks whether there is a parameter of a name.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @return whether this source has it
   */
  default boolean contains(String name) {
    return weights().containsKey(name);
  }

  /**
   * Returns the shape of a parameter.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @return a copy of its shape
   */
  default int[] shape(String name) {
    return weight(name).shape();
  }

  /**
   * Checks whether a parameter holds int8 codes.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @return true for codes, false for floats
   */
  default boolean isInt8(String name) {
    return weight(name).type() == WeightType.INT8;
  }

  /**
   * Returns a whole parameter of floats as float32.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @return its values; the array may be shared with this source
   * @throws IllegalArgumentException if there is none of that name, or it holds int8 codes
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
   * Returns a whole parameter of floats that must have a given shape.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @param shape the shape that it must have
   * @return its values; the array may be shared with this source
   * @throws IllegalArgumentException if it has another shape, or holds int8 codes
   */
  default Tensor get(String name, int... shape) {
    requireShape(name, shape);
    return get(name);
  }

  /**
   * Checks the shape of a parameter.
   *
   * @param name the name of the parameter, for example {@code ernie.pooler.dense.weight}
   * @param shape the shape that it must have
   * @throws IllegalArgumentException if it has another shape
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
   * Returns all parameters as floats.
   *
   * @return the values by name, in the order of {@link #names}; unmodifiable
   * @throws IllegalArgumentException if one holds int8 codes
   */
  default Map<String, Tensor> asMap() {
    Map<String, Tensor> map = new LinkedHashMap<>();
    names().forEach(name -> map.put(name, get(name)));
    return Collections.unmodifiableMap(map);
  }

  /** {@return the number of parameters} */
  default int size() {
    return weights().size();
  }

  /** {@return the total number of elements of all parameters} */
  default long elementCount() {
    return weights().values().stream().mapToLong(Weight::size).sum();
  }
}

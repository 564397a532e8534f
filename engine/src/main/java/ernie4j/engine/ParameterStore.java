package ernie4j.engine;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a model by name, in the order of insertion.
 *
 * <p>Paddle's structured names and its {@code [in, out]} layout are the canonical form everywhere
 * in this project, for example {@code ernie.encoder.layers.0.linear1.weight}; importers translate.
 */
public final class ParameterStore {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * Adds a parameter.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void put(String name, Tensor tensor) {
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException(
          "ParameterStore: the name '" + name + "' is already taken");
    }
  }

  /** Adds a parameter or replaces the one of that name. */
  public void replace(String name, Tensor tensor) {
    tensors.put(name, tensor);
  }

  /** Removes a parameter if it is there. */
  public void remove(String name) {
    tensors.remove(name);
  }

  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "The model has no parameter '%s' (it has %d parameters%s)"
              .formatted(name, tensors.size(), nearest(name)));
    }
    return tensor;
  }

  /**
   * The parameter of that name, which must have that shape.
   *
   * @throws IllegalArgumentException if there is none or its shape is another
   */
  public Tensor get(String name, int... shape) {
    Tensor tensor = get(name);
    if (!tensor.hasShape(shape)) {
      throw new IllegalArgumentException(
          "Parameter '%s': expected shape %s, got %s"
              .formatted(name, Arrays.toString(shape), tensor));
    }
    return tensor;
  }

  private String nearest(String name) {
    String tail = name.substring(name.lastIndexOf('.') + 1);
    return tensors.keySet().stream()
        .filter(candidate -> candidate.endsWith(tail))
        .findFirst()
        .map(candidate -> ", one of them '" + candidate + "'")
        .orElse("");
  }

  /** The names in the order of insertion. */
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  /** The parameters in the order of insertion. */
  public Map<String, Tensor> asMap() {
    return Collections.unmodifiableMap(tensors);
  }

  /** The number of parameters (tensors). */
  public int size() {
    return tensors.size();
  }

  /** The number of values in all tensors. */
  public long elementCount() {
    return tensors.values().stream().mapToLong(Tensor::size).sum();
  }

  /** A store with its own copies of all values. */
  public ParameterStore copy() {
    ParameterStore copy = new ParameterStore();
    tensors.forEach((name, tensor) -> copy.put(name, tensor.copy()));
    return copy;
  }
}

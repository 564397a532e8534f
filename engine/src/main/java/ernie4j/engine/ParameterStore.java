package ernie4j.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Parameters in memory, which can be added, replaced and trained; in the order of insertion. */
public final class ParameterStore implements ParameterSource {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** A store with copies of all parameters of a source. */
  public static ParameterStore copyOf(ParameterSource source) {
    ParameterStore store = new ParameterStore();
    for (String name : source.names()) {
      Tensor tensor = Tensor.zeros(source.shape(name));
      source.read(name, 0, tensor.size(), tensor.data(), 0);
      store.put(name, tensor);
    }
    return store;
  }

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

  @Override
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
  @Override
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "The model has no parameter '%s' (it has %d parameters%s)"
              .formatted(name, tensors.size(), nearest(name)));
    }
    return tensor;
  }

  @Override
  public int[] shape(String name) {
    return get(name).shape();
  }

  @Override
  public void read(String name, int offset, int count, float[] into, int to) {
    Tensor tensor = get(name);
    Objects.checkFromIndexSize(offset, count, tensor.size());
    System.arraycopy(tensor.data(), tensor.offset() + offset, into, to, count);
  }

  private String nearest(String name) {
    String tail = name.substring(name.lastIndexOf('.') + 1);
    return tensors.keySet().stream()
        .filter(candidate -> candidate.endsWith(tail))
        .findFirst()
        .map(candidate -> ", one of them '" + candidate + "'")
        .orElse("");
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Map<String, Tensor> asMap() {
    return Collections.unmodifiableMap(tensors);
  }

  /** A store with its own copies of all values. */
  public ParameterStore copy() {
    return copyOf(this);
  }
}

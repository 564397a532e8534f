package ernie4j.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Parameters in memory, which can be added, replaced and trained; in the order of insertion, floats
 * before int8 codes.
 */
public final class ParameterStore implements ParameterSource {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Int8Tensor> codes = new LinkedHashMap<>();

  /** A store with copies of all parameters of a source. */
  public static ParameterStore copyOf(ParameterSource source) {
    ParameterStore store = new ParameterStore();
    for (String name : source.names()) {
      int[] shape = source.shape(name);
      if (source.isInt8(name)) {
        byte[] copy = new byte[Tensor.elementCount(shape)];
        source.readCodes(name, 0, copy.length, copy, 0);
        store.put(name, Int8Tensor.of(copy, shape));
      } else {
        Tensor tensor = Tensor.zeros(shape);
        source.read(name, 0, tensor.size(), tensor.data(), 0);
        store.put(name, tensor);
      }
    }
    return store;
  }

  /**
   * Adds a parameter.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void put(String name, Tensor tensor) {
    requireFree(name);
    tensors.put(name, tensor);
  }

  /**
   * Adds a parameter of int8 codes.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void put(String name, Int8Tensor tensor) {
    requireFree(name);
    codes.put(name, tensor);
  }

  private void requireFree(String name) {
    if (contains(name)) {
      throw new IllegalArgumentException(
          "ParameterStore: the name '" + name + "' is already taken");
    }
  }

  /** Adds a parameter or replaces the one of that name. */
  public void replace(String name, Tensor tensor) {
    codes.remove(name);
    tensors.put(name, tensor);
  }

  /** Removes a parameter if it is there. */
  public void remove(String name) {
    tensors.remove(name);
    codes.remove(name);
  }

  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name) || codes.containsKey(name);
  }

  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException if there is none or it holds int8 codes
   */
  @Override
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw codes.containsKey(name) ? ParameterSource.notFloat(name) : missing(name);
    }
    return tensor;
  }

  @Override
  public boolean isInt8(String name) {
    return codes.containsKey(name);
  }

  @Override
  public int[] shape(String name) {
    return isInt8(name) ? getCodes(name).shape() : get(name).shape();
  }

  @Override
  public Int8Tensor getCodes(String name) {
    Int8Tensor tensor = codes.get(name);
    if (tensor == null) {
      throw tensors.containsKey(name) ? ParameterSource.notInt8(name) : missing(name);
    }
    return tensor;
  }

  @Override
  public void readCodes(String name, int offset, int count, byte[] into, int to) {
    Int8Tensor tensor = getCodes(name);
    Objects.checkFromIndexSize(offset, count, tensor.size());
    System.arraycopy(tensor.codes(), offset, into, to, count);
  }

  private IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(
        "The model has no parameter '%s' (it has %d parameters%s)"
            .formatted(name, size(), nearest(name)));
  }

  @Override
  public void read(String name, int offset, int count, float[] into, int to) {
    Tensor tensor = get(name);
    Objects.checkFromIndexSize(offset, count, tensor.size());
    System.arraycopy(tensor.data(), tensor.offset() + offset, into, to, count);
  }

  private String nearest(String name) {
    String tail = name.substring(name.lastIndexOf('.') + 1);
    return names().stream()
        .filter(candidate -> candidate.endsWith(tail))
        .findFirst()
        .map(candidate -> ", one of them '" + candidate + "'")
        .orElse("");
  }

  @Override
  public Set<String> names() {
    if (codes.isEmpty()) {
      return Collections.unmodifiableSet(tensors.keySet());
    }
    Set<String> all = new LinkedHashSet<>(tensors.keySet());
    all.addAll(codes.keySet());
    return Collections.unmodifiableSet(all);
  }

  @Override
  public Map<String, Tensor> asMap() {
    if (!codes.isEmpty()) {
      throw ParameterSource.notFloat(codes.keySet().iterator().next());
    }
    return Collections.unmodifiableMap(tensors);
  }
}

package ernie4j.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters in memory, which can be added, replaced and trained. They keep the order in which they
 * were added.
 */
public final class ParameterStore implements ParameterSource {
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  /** Creates an empty store. */
  public ParameterStore() {}

  /**
   * Returns a store with all parameters of a source.
   *
   * @param source the parameters to copy
   * @return a new store; its float32 tensors are copies, other weights are shared
   */
  public static ParameterStore copyOf(ParameterSource source) {
    ParameterStore store = new ParameterStore();
    source
        .weights()
        .forEach((name, weight) -> store.put(name, weight instanceof Tensor t ? t.copy() : weight));
    return store;
  }

  /**
   * Adds a parameter. A parameter of a file is read into memory.
   *
   * @param name the new name
   * @param weight the parameter; shared if it is in memory
   * @throws IllegalArgumentException if the name is taken
   */
  public void put(String name, Weight weight) {
    if (contains(name)) {
      throw new IllegalArgumentException(
          "ParameterStore: the name '" + name + "' is already taken");
    }
    replace(name, weight);
  }

  /**
   * Adds a parameter or replaces the one of that name.
   *
   * @param name the name
   * @param weight the parameter; read into memory if it is in a file
   */
  public void replace(String name, Weight weight) {
    weights.put(name, weight.inMemory());
  }

  /**
   * Removes a parameter if it is there.
   *
   * @param name the name of the parameter
   */
  public void remove(String name) {
    weights.remove(name);
  }

  @Override
  public Map<String, Weight> weights() {
    return Collections.unmodifiableMap(weights);
  }
}

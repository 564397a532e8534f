package ernie4j.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters in memory, which can be added, replaced and trained; in the order in which they were
 * added.
 */
public final class ParameterStore implements ParameterSource {
  private final Map<String, Weight> weights = new LinkedHashMap<>();

  /** A store with all parameters of a source; floats are copies. */
  public static ParameterStore copyOf(ParameterSource source) {
    ParameterStore store = new ParameterStore();
    source
        .weights()
        .forEach((name, weight) -> store.put(name, weight instanceof Tensor t ? t.copy() : weight));
    return store;
  }

  /**
   * Adds a parameter; one of a file is read.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void put(String name, Weight weight) {
    if (contains(name)) {
      throw new IllegalArgumentException(
          "ParameterStore: the name '" + name + "' is already taken");
    }
    replace(name, weight);
  }

  /** Adds a parameter or replaces the one of that name. */
  public void replace(String name, Weight weight) {
    weights.put(name, weight.inMemory());
  }

  /** Removes a parameter if it is there. */
  public void remove(String name) {
    weights.remove(name);
  }

  @Override
  public Map<String, Weight> weights() {
    return Collections.unmodifiableMap(weights);
  }
}

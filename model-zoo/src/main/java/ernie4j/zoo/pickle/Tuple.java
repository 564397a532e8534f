package ernie4j.zoo.pickle;

import java.util.List;

/**
 * A Python tuple. A hostile pickle can put a list into itself by means of a tuple, so nothing here
 * visits the items.
 */
public final class Tuple {
  private final List<Object> items;

  Tuple(List<Object> items) {
    this.items = List.copyOf(items);
  }

  /** The items, unmodifiable. */
  public List<Object> items() {
    return items;
  }

  @Override
  public String toString() {
    return "a tuple of " + items.size();
  }
}

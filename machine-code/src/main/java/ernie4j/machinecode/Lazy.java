package ernie4j.machinecode;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made on first use and kept until {@link #forget}. May be shared between threads.
 *
 * @param <A> what it is made from
 * @param <T> the value
 */
final class Lazy<A, T> {
  private final Function<A, T> maker;
  private volatile @Nullable T value;

  Lazy(Function<A, T> maker) {
    this.maker = maker;
  }

  /**
   * The value.
   *
   * @param from always the same
   */
  T of(A from) {
    T made = value;
    return made == null ? make(from) : made;
  }

  private synchronized T make(A from) {
    T made = value;
    if (made == null) {
      made = maker.apply(from);
      value = made;
    }
    return made;
  }

  /** Must be called when the source of the value has changed. */
  void forget() {
    value = null;
  }
}

package ernie4j.machinecode;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for, and kept until it is forgotten. May be shared
 * between threads.
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

  /** To be called when what it is made of has changed. */
  void forget() {
    value = null;
  }
}

package ernie4j.machinecode;

import ernie4j.engine.kernels.Kernels;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A matrix in the form of other kernels: copied when they first need it, and kept until the matrix
 * changes. Hardly any matrix ever has one, see {@link Fallback}. May be shared between threads.
 */
final class OtherForm<M> {
  private final Function<Kernels, M> maker;
  private volatile @Nullable M copy;

  /**
   * @param maker copies the matrix
   */
  OtherForm(Function<Kernels, M> maker) {
    this.maker = maker;
  }

  /**
   * The copy.
   *
   * @param kernels always the same
   */
  M of(Kernels kernels) {
    M made = copy;
    return made == null ? make(kernels) : made;
  }

  private synchronized M make(Kernels kernels) {
    M made = copy;
    if (made == null) {
      made = maker.apply(kernels);
      copy = made;
    }
    return made;
  }

  /** To be called when the matrix changes. */
  void forget() {
    copy = null;
  }
}

package ernie4j.engine.kernels;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Kernels that this JVM may have. Found by {@link java.util.ServiceLoader}, so an artifact can
 * bring one; {@link KernelSelection} chooses. All providers give the same bits.
 */
public interface KernelProvider {
  /** The value of {@code -Dernie4j.kernels} that demands these kernels, for example vector. */
  String name();

  /** Whoever has the greatest one of those that can compute is chosen. */
  int preference();

  /**
   * Why this JVM or machine cannot use these kernels; empty if it can. Called before anything else,
   * so it must not need what may be missing.
   *
   * @return one sentence that says what to change
   */
  Optional<String> refusal();

  /**
   * Whether these kernels give wrong results here: one sentence that says so, or empty. Called if
   * they were demanded.
   *
   * @param next as for {@link #table}
   */
  default Optional<String> wrongResults(Supplier<KernelTable> next) {
    return Optional.empty();
  }

  /**
   * The functions, all of which compute themselves from the first call on.
   *
   * @param next gives the functions that would be chosen without these
   */
  KernelTable table(Supplier<KernelTable> next);

  /**
   * The functions for {@code auto}: fast from the first call on, so entries may begin with a
   * function of {@code next} and change over once the JVM has compiled their own.
   */
  default KernelTable start(Supplier<KernelTable> next) {
    return table(next);
  }
}

package ernie4j.engine.kernels;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Kernels that this JVM may have. Found by {@link java.util.ServiceLoader}, so an artifact can add
 * its own; {@link KernelSelection} chooses. All providers give the same bits.
 */
public interface KernelProvider {
  /**
   * {@return the value of {@code -Dernie4j.kernels} that demands these kernels, for example {@code
   * vector}}
   */
  String name();

  /**
   * {@return the rank of these kernels: of those that can compute, the ones with the greatest rank
   * are chosen}
   */
  int preference();

  /**
   * Checks whether this JVM and machine can use these kernels. Called before anything else, so it
   * must not use anything that may be missing.
   *
   * @return one sentence that says what to change; empty if they can be used
   */
  Optional<String> refusal();

  /**
   * Checks whether these kernels give wrong results here. Called if they were demanded.
   *
   * @param next supplies the functions that would be chosen without these
   * @return one sentence that says so; empty if results are right
   */
  default Optional<String> wrongResults(Supplier<KernelTable> next) {
    return Optional.empty();
  }

  /**
   * Makes the functions, all of which compute themselves from the first call on.
   *
   * @param next supplies the functions that would be chosen without these
   * @return the functions
   */
  KernelTable table(Supplier<KernelTable> next);

  /**
   * Makes the functions for {@code auto}: fast from the first call on, so entries may begin with a
   * function of {@code next} and change over once the JVM has compiled their own.
   *
   * @param next supplies the functions that would be chosen without these
   * @return the functions
   */
  default KernelTable start(Supplier<KernelTable> next) {
    return table(next);
  }

  /**
   * Makes the functions as {@link #start} does, for a provider with a greater rank, which has its
   * own functions for nearly all work. So nothing should be compiled before there is work for it.
   *
   * @param next supplies the functions that would be chosen without these
   * @return the functions
   */
  default KernelTable startWhenNeeded(Supplier<KernelTable> next) {
    return start(next);
  }
}

package ernie4j.engine.kernels.warmup;

import java.util.Random;

/**
 * Inputs for a function: a warm-up calls it with them and checks it on them. One instance belongs
 * to one thread.
 *
 * @param <F> the type of the function
 */
public interface Exercise<F> {
  /** Returns to the inputs that the function is warmed up and timed with. */
  void usual();

  /** Draws other inputs, of another shape: remainders of all kinds among them. */
  void fresh(Random random);

  /** Computes from the inputs. */
  void run(F function);

  /** What {@link #run} has written; overwritten by the next one. */
  float[] output();

  /**
   * Calls the function's compiled unit in a way that does nothing, if there is one: the JVM counts
   * calls, and these take no time.
   *
   * @return false if there is no such call
   */
  default boolean runEmpty(F function) {
    return false;
  }
}

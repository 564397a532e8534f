package ernie4j.engine.kernels.warmup;

import ernie4j.engine.kernels.KernelEntry;
import java.util.Arrays;
import java.util.Random;

/**
 * An entry that a warm-up hands over, and what it tries the function with.
 *
 * @param <F> the type of the function
 */
public record Candidate<F>(KernelEntry<F> entry, Exercise<F> exercise) {
  /** Whether the function gives the bits of its stand-in on so many inputs drawn at random. */
  public boolean isRight(Random random, int draws) {
    boolean right = true;
    for (int i = 0; i < draws && right; i++) {
      exercise.fresh(random);
      exercise.run(entry.standIn());
      float[] expected = exercise.output().clone();
      exercise.run(entry.function());
      right = Arrays.equals(exercise.output(), expected);
    }
    exercise.usual();
    return right;
  }

  void runStandIn() {
    exercise.run(entry.standIn());
  }

  void run() {
    exercise.run(entry.function());
  }

  boolean runEmpty() {
    return exercise.runEmpty(entry.function());
  }
}

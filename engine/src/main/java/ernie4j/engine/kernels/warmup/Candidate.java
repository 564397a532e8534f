package ernie4j.engine.kernels.warmup;

import ernie4j.engine.kernels.KernelEntry;
import java.util.Arrays;
import java.util.Random;

/**
 * An entry that a warm-up hands over, and the exercise for its function. Not a record: the JDK
 * keeps the class of the last record that was compared, and with it the class loader of an
 * application.
 *
 * @param <F> the type of the function
 */
public final class Candidate<F> {
  private final KernelEntry<F> entry;
  private final Exercise<F> exercise;

  /** Makes a candidate of an entry and its exercise. */
  public Candidate(KernelEntry<F> entry, Exercise<F> exercise) {
    this.entry = entry;
    this.exercise = exercise;
  }

  /** The entry that is handed over. */
  public KernelEntry<F> entry() {
    return entry;
  }

  Exercise<F> exercise() {
    return exercise;
  }

  /** Whether the function gives the same bits as its stand-in on a number of random inputs. */
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

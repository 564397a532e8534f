package ernie4j.training;

import java.util.Random;

/** The order of the examples in every epoch: a shuffle that depends on seed and epoch only. */
public final class ExampleOrder {
  private final int examples;
  private final long seed;
  private long shuffledEpoch = -1;
  private int[] order = new int[0];

  /**
   * An order of examples that changes with every epoch.
   *
   * @param examples the number of examples
   * @param seed any number; the same seed always gives the same orders
   */
  public ExampleOrder(int examples, long seed) {
    this.examples = examples;
    this.seed = seed;
  }

  /**
   * Shuffles the examples for an epoch.
   *
   * @param epoch the epoch, counted from 0
   * @return the indices of all examples; valid until the next call
   */
  public int[] epoch(long epoch) {
    if (epoch != shuffledEpoch) {
      order = shuffled(examples, mixed(seed, epoch));
      shuffledEpoch = epoch;
    }
    return order;
  }

  /**
   * Derives a separate seed for each of several numbers. Neighboring seeds must not be passed to
   * {@link Random}: the first numbers that it draws from them are nearly the same. (The mixing is
   * that of SplittableRandom, applied twice.)
   *
   * @param seed the seed that all numbers share
   * @param number what to derive a seed for, for example an epoch or an example
   * @return a seed for {@link Random}
   */
  public static long mixed(long seed, long number) {
    return mixed(mixed(seed) + number * 0x9E3779B97F4A7C15L);
  }

  private static long mixed(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * Shuffles the numbers below n (Fisher-Yates with {@link Random}, whose algorithm is specified).
   *
   * @param n how many numbers, from 0 on
   * @param seed of the shuffle; the same seed always gives the same order
   * @return the numbers from 0 to n - 1 in random order
   */
  public static int[] shuffled(int n, long seed) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Random random = new Random(seed);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}

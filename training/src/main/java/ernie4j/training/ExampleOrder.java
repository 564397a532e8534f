package ernie4j.training;

import java.util.Random;

/** The order of the examples in every epoch: a shuffle that depends on seed and epoch only. */
public final class ExampleOrder {
  private final int examples;
  private final long seed;
  private long shuffledEpoch = -1;
  private int[] order = new int[0];

  public ExampleOrder(int examples, long seed) {
    this.examples = examples;
    this.seed = seed;
  }

  /** The indices of all examples in the order of an epoch; valid until the next call. */
  public int[] epoch(long epoch) {
    if (epoch != shuffledEpoch) {
      order = shuffled(examples, mixed(seed, epoch));
      shuffledEpoch = epoch;
    }
    return order;
  }

  /**
   * A seed of its own for each of several numbers. Neighbouring seeds must not be handed to {@link
   * Random}: the first numbers that it gives for them are nearly the same. (The mixing is that of
   * SplittableRandom, twice.)
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
   * The numbers below n in random order (Fisher-Yates over {@link Random}, whose bits are fixed).
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

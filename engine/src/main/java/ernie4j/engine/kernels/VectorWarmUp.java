package ernie4j.engine.kernels;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gets the vector kernels compiled in the background, one unit after the other, and hands over each
 * that is fast. Uncompiled vector code is hundreds of times slower than compiled and makes an
 * object of every vector, so as little of it runs as possible: the compiler goes by the number of
 * calls, and most calls here do nothing.
 *
 * <p>C2 takes some ten milliseconds for a unit and has one thread for all on a small machine. What
 * the callers wait for most comes first. Meanwhile this thread sleeps, so that on one CPU it takes
 * nothing from them.
 */
final class VectorWarmUp implements Runnable {
  /** How long one unit may take; compiling takes a hundredth of it on an idle machine. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Calls that get the plain twin compiled, the measure of what is fast. */
  private static final int PLAIN_CALLS = 1000;

  /** Calls from which on a method is in the second compiler's queue on an idle machine. */
  private static final int ENOUGH_CALLS = 6000;

  /** Calls between pauses after that: a method that is called often comes first in the queue. */
  private static final int PAUSE_CALLS = 1000;

  /** So many times in a row a unit must be fast. */
  private static final int FAST_CALLS = 3;

  /**
   * Compiled vector code takes about as long as plain code or less, uncompiled at least ten times
   * as long.
   */
  private static final int FAST_FACTOR = 2;

  /** Something that is compiled and handed over by itself. */
  interface Unit {
    /** How much the plain kernels had to do in its place. */
    long waiting();

    /** A call of the vector code that does nothing. */
    void empty();

    /** How many of them come before each real call. */
    int emptyCalls();

    /** A small piece of work on vectors. */
    void vector();

    /** The same by the plain kernels. */
    void plain();

    /** Lets callers use the vector code. */
    void handOver();
  }

  private final CheckedKernels kernels;
  private final Supplier<Optional<String>> selfTest;
  private final Supplier<List<Unit>> units;
  private final long limit;

  /**
   * A warm-up that ends with {@link CheckedKernels#handOver} or {@link CheckedKernels#stay}.
   *
   * @param selfTest why the vector kernels cannot be used, if so
   * @param limit for one unit
   */
  VectorWarmUp(
      CheckedKernels kernels,
      Supplier<Optional<String>> selfTest,
      Supplier<List<Unit>> units,
      Duration limit) {
    this.kernels = kernels;
    this.selfTest = selfTest;
    this.units = units;
    this.limit = limit.toNanos();
  }

  /** Kernels that compute at once, and on vectors as soon as those are compiled. */
  static Kernels start(Supplier<Optional<String>> selfTest) {
    TileSwitch tiles = new TileSwitch();
    Kernels plain = new ScalarKernels();
    WarmingKernels standIn = new WarmingKernels(plain, new VectorKernels(tiles::panel));
    CheckedKernels kernels = new CheckedKernels(new VectorKernels(), standIn);
    new VectorWarmUp(kernels, selfTest, () -> WarmUpUnits.all(tiles, standIn), LIMIT).start();
    return kernels;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a courtesy where the system heeds it
  void start() {
    Thread thread = new Thread(this, "ernie4j-warm-up");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
  }

  @Override
  public void run() {
    try {
      Optional<String> refusal = selfTest.get();
      if (refusal.isEmpty()) {
        refusal = warm(new ArrayList<>(units.get()));
      }
      if (refusal.isEmpty()) {
        kernels.handOver();
      } else {
        KernelSelection.log(refusal.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      kernels.stay();
    }
  }

  private Optional<String> warm(List<Unit> units) throws InterruptedException {
    while (!units.isEmpty()) {
      Unit next = units.get(0);
      for (Unit unit : units) {
        if (unit.waiting() > next.waiting()) {
          next = unit;
        }
      }
      if (!warm(next)) {
        return Optional.of(
            "The JVM did not compile the vector kernels within "
                + Duration.ofNanos(limit).toSeconds()
                + " s, so plain-Java kernels are used in their place; if that happens on an idle"
                + " machine, please report it with the output of java -version.");
      }
      units.remove(next);
    }
    return Optional.empty();
  }

  /** Warms a unit and hands it over; false if it did not get fast in time. */
  private boolean warm(Unit unit) throws InterruptedException {
    long start = System.nanoTime();
    for (int i = 0; i < PLAIN_CALLS; i++) {
      unit.plain();
    }
    long plain = Long.MAX_VALUE / FAST_FACTOR;
    int calls = 0;
    for (int fast = 0; fast < FAST_CALLS; ) {
      int empty = unit.emptyCalls();
      repeatEmpty(unit, empty);
      calls += empty;
      plain = Math.min(plain, nanoseconds(unit::plain));
      boolean isFast = nanoseconds(unit::vector) <= FAST_FACTOR * plain;
      fast = isFast && calls > ENOUGH_CALLS ? fast + 1 : 0;
      if (System.nanoTime() - start >= limit) {
        return false;
      }
      if (fast == 0 && calls > ENOUGH_CALLS && calls % PAUSE_CALLS < empty) {
        Thread.sleep(1);
      }
    }
    unit.handOver();
    return true;
  }

  private static void repeatEmpty(Unit unit, int times) {
    for (int i = 0; i < times; i++) {
      unit.empty();
    }
  }

  private static long nanoseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}

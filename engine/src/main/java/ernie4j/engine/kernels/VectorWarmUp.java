package ernie4j.engine.kernels;

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
  /**
   * How often this thread waits a millisecond for one unit. An idle machine needs some tens. Time
   * is not what is measured: a machine may stand still for a while.
   */
  private static final int MOST_PAUSES = 2000;

  /** Calls that get the plain twin compiled, the measure of what is fast. */
  private static final int PLAIN_CALLS = 1000;

  /** Calls from which on a method is in the second compiler's queue on an idle machine. */
  private static final int ENOUGH_CALLS = 6000;

  /** So many more of them after that: what is called often comes first in the queue. */
  private static final int MORE_OFTEN = 5;

  /** Calls between pauses of a unit that is warmed by real calls only. */
  private static final int REAL_CALLS = 20;

  /** So many times in a row a unit must be fast. */
  private static final int FAST_CALLS = 3;

  /**
   * Compiled vector code takes about as long as plain code or less, uncompiled at least ten times
   * as long.
   */
  private static final int FAST_FACTOR = 2;

  /** Something that is compiled and handed over by itself. */
  interface Unit {
    /** What it is, for messages. */
    String name();

    /** How much the plain kernels had to do in its place. */
    long waiting();

    /** A call of the vector code that does nothing. */
    void empty();

    /** How many of them come before each real call; 0 if only real calls get it compiled well. */
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
  private final int mostPauses;

  /**
   * A warm-up that ends with {@link CheckedKernels#handOver} or {@link CheckedKernels#stay}.
   *
   * @param selfTest why the vector kernels cannot be used, if so
   * @param mostPauses milliseconds of waiting for one unit
   */
  VectorWarmUp(
      CheckedKernels kernels,
      Supplier<Optional<String>> selfTest,
      Supplier<List<Unit>> units,
      int mostPauses) {
    this.kernels = kernels;
    this.selfTest = selfTest;
    this.units = units;
    this.mostPauses = mostPauses;
  }

  /** Kernels that compute at once, and on vectors as soon as those are compiled. */
  static Kernels start(Supplier<Optional<String>> selfTest) {
    TileSwitch tiles = new TileSwitch();
    Kernels plain = new ScalarKernels();
    WarmingKernels standIn = new WarmingKernels(plain, new VectorKernels(tiles::panel));
    CheckedKernels kernels = new CheckedKernels(new VectorKernels(), standIn);
    new VectorWarmUp(kernels, selfTest, () -> WarmUpUnits.all(tiles, standIn), MOST_PAUSES).start();
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

  /** Warms all units; those that do not get fast in time stay plain and are named. */
  private Optional<String> warm(List<Unit> units) throws InterruptedException {
    List<String> plain = new ArrayList<>();
    while (!units.isEmpty()) {
      Unit next = units.get(0);
      for (Unit unit : units) {
        if (unit.waiting() > next.waiting()) {
          next = unit;
        }
      }
      if (!warm(next)) {
        plain.add(next.name());
      }
      units.remove(next);
    }
    return plain.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "The JVM did not compile these vector kernels in good time, so plain-Java kernels are"
                + " used in their place: "
                + String.join(", ", plain)
                + "; if that happens on an idle machine, please report it with the output of java"
                + " -version.");
  }

  /** Warms a unit and hands it over; false if it did not get fast in time. */
  private boolean warm(Unit unit) throws InterruptedException {
    for (int i = 0; i < PLAIN_CALLS; i++) {
      unit.plain();
    }
    boolean fast = unit.emptyCalls() > 0 ? callMostlyEmpty(unit) : callReally(unit);
    if (fast) {
      unit.handOver();
    }
    return fast;
  }

  private boolean callMostlyEmpty(Unit unit) throws InterruptedException {
    int calls = 0;
    while (calls < ENOUGH_CALLS) {
      calls += callEmpty(unit, unit.emptyCalls());
      unit.vector();
    }
    for (int pauses = 0; pauses < mostPauses; pauses++) {
      callEmpty(unit, MORE_OFTEN * unit.emptyCalls());
      if (isFast(unit)) {
        return true;
      }
      Thread.sleep(1);
    }
    return false;
  }

  private static int callEmpty(Unit unit, int times) {
    for (int i = 0; i < times; i++) {
      unit.empty();
    }
    return times;
  }

  private boolean callReally(Unit unit) throws InterruptedException {
    for (int pauses = 0; pauses < mostPauses; pauses++) {
      for (int i = 0; i < REAL_CALLS; i++) {
        unit.vector();
      }
      if (isFast(unit)) {
        return true;
      }
      Thread.sleep(1);
    }
    return false;
  }

  /** Several times in a row, each against the best of some calls of the plain twin. */
  private static boolean isFast(Unit unit) {
    for (int i = 0; i < FAST_CALLS; i++) {
      long plain = Long.MAX_VALUE / FAST_FACTOR;
      for (int j = 0; j < FAST_CALLS; j++) {
        plain = Math.min(plain, nanoseconds(unit::plain));
      }
      if (nanoseconds(unit::vector) > FAST_FACTOR * plain) {
        return false;
      }
    }
    return true;
  }

  private static long nanoseconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}

package ernie4j.engine.kernels;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Gets the vector kernels compiled in the background, one unit after the other, and hands over each
 * that is fast. Uncompiled vector code is hundreds of times slower than compiled and makes an
 * object of every vector, so as little of it runs as possible.
 *
 * <p>C2 takes some ten milliseconds for a unit and has one thread for all on a small machine. What
 * the callers wait for most comes first. Meanwhile this thread sleeps, so that on one CPU it takes
 * nothing from them. A unit that is not fast in good time is tried again after the others, after
 * longer and longer rests.
 */
final class VectorWarmUp implements Runnable {
  /**
   * How often this thread waits a millisecond for one unit. An idle machine needs some tens. Time
   * is not what is measured: a machine may stand still for a while.
   */
  private static final int MOST_PAUSES = 2000;

  /** The same for a unit that is tried again. */
  private static final int LATE_PAUSES = 20;

  private static final long LONGEST_REST_MILLIS = 3_600_000;

  /** Calls that get the plain twin compiled, the measure of what is fast. */
  private static final int PLAIN_CALLS = 1000;

  /** So many calls are timed, and the best one counts: others may have been interrupted. */
  private static final int TIMED_CALLS = 3;

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

    /** Whether somebody may wait for it; may become true later. */
    boolean needed();

    /** As many calls as bring it into the compiler's queue at once, if there is such a number. */
    void begin();

    /** Some more calls: what is called often comes first in the queue. */
    void again();

    /** A small piece of work on vectors. */
    void vector();

    /** The same by the plain kernels. */
    void plain();

    /** Lets callers use the vector code. */
    void handOver();
  }

  private final CheckedKernels kernels;
  private final HandOver progress;
  private final Supplier<Optional<String>> selfTest;
  private final Supplier<List<Unit>> units;
  private final int mostPauses;

  /**
   * A warm-up that ends with {@link CheckedKernels#handOver} or when its thread is interrupted.
   *
   * @param progress that of the kernels
   * @param selfTest why the vector kernels cannot be used, if so
   * @param mostPauses milliseconds of waiting for one unit, and of the first rest
   */
  VectorWarmUp(
      CheckedKernels kernels,
      HandOver progress,
      Supplier<Optional<String>> selfTest,
      Supplier<List<Unit>> units,
      int mostPauses) {
    this.kernels = kernels;
    this.progress = progress;
    this.selfTest = selfTest;
    this.units = units;
    this.mostPauses = mostPauses;
  }

  /** Kernels that compute at once, and on vectors as soon as those are compiled. */
  static Kernels start(Supplier<Optional<String>> selfTest) {
    TileSwitch tiles = new TileSwitch();
    Kernels plain = new ScalarKernels();
    WarmingKernels standIn = new WarmingKernels(plain, new VectorKernels(tiles::panel));
    HandOver progress = new HandOver();
    CheckedKernels kernels = new CheckedKernels(new VectorKernels(), standIn, progress);
    new VectorWarmUp(
            kernels, progress, selfTest, () -> WarmUpUnits.all(tiles, standIn), MOST_PAUSES)
        .start();
    return kernels;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a courtesy where the system heeds it
  Thread start() {
    Thread thread = new Thread(this, "ernie4j-warm-up");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    return thread;
  }

  @Override
  public void run() {
    try {
      Optional<String> refusal = selfTest.get();
      if (refusal.isPresent()) {
        KernelSelection.log(refusal.get());
        return;
      }
      List<Unit> late = warmAll();
      if (!late.isEmpty()) {
        retry(late);
      }
      kernels.handOver();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoClassDefFoundError e) {
      // An application server has closed our class loader: nobody computes here any more.
      KernelSelection.log("The warm-up of the vector kernels ended early: " + e);
    } finally {
      progress.end();
    }
  }

  /** Warms all units; returns those that did not get fast in time. */
  private List<Unit> warmAll() throws InterruptedException {
    List<Unit> open = new ArrayList<>(units.get());
    List<Unit> late = new ArrayList<>();
    progress.begin(open);
    while (!open.isEmpty()) {
      Unit next = open.get(0);
      for (Unit unit : open) {
        if (unit.waiting() > next.waiting()) {
          next = unit;
        }
      }
      for (int i = 0; i < PLAIN_CALLS; i++) {
        next.plain();
      }
      next.begin();
      if (!handOverIfFast(next, mostPauses)) {
        late.add(next);
        progress.late(next);
      }
      open.remove(next);
    }
    return late;
  }

  /** Tries again until all are handed over, which may be never. */
  private void retry(List<Unit> late) throws InterruptedException {
    KernelSelection.log(
        "The JVM did not compile these vector kernels in good time, so plain-Java kernels are used"
            + " in their place until it has: "
            + late.stream().map(Unit::name).collect(Collectors.joining(", "))
            + "; if that happens on an idle machine, please report it with the output of java"
            + " -version.");
    for (long rest = mostPauses; !late.isEmpty(); rest = Math.min(2 * rest, LONGEST_REST_MILLIS)) {
      Thread.sleep(rest);
      for (Iterator<Unit> each = late.iterator(); each.hasNext(); ) {
        if (handOverIfFast(each.next(), LATE_PAUSES)) {
          each.remove();
        }
      }
    }
    KernelSelection.log("All vector kernels are compiled now and in use.");
  }

  /** Calls a unit until it is fast and hands it over; false if it did not get fast in time. */
  private boolean handOverIfFast(Unit unit, int pauses) throws InterruptedException {
    for (int i = 0; i < pauses; i++) {
      unit.again();
      if (best(unit::vector) <= FAST_FACTOR * best(unit::plain)) {
        unit.handOver();
        progress.done(unit);
        return true;
      }
      Thread.sleep(1);
    }
    return false;
  }

  /** Nanoseconds of the fastest of some calls. */
  private static long best(Runnable work) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < TIMED_CALLS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}

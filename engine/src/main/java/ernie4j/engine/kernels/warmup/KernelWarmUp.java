package ernie4j.engine.kernels.warmup;

import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.platform.Log;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has kernels compiled in the background, one after the other, and hands over each one that is fast
 * and gives the same bits as its stand-in on fresh inputs: the compiled code is what is tested.
 * Uncompiled vector code is hundreds of times slower than compiled code and allocates an object for
 * every vector, so as little of it runs as possible.
 *
 * <p>C2 takes tens of milliseconds for a kernel and has only one thread on a small machine. The
 * kernel that callers need most comes first. Meanwhile this thread sleeps, so that on one CPU it
 * takes no time from them. A kernel that is not fast in time is tried again after the others, after
 * longer and longer pauses.
 */
public final class KernelWarmUp implements Runnable {
  /**
   * How often this thread waits a millisecond for one kernel. An idle machine needs a few dozen.
   * Pauses are counted instead of time, because a machine may be suspended for a while.
   */
  private static final int MOST_PAUSES = 2000;

  /** The same for a kernel that is tried again. */
  private static final int LATE_PAUSES = 20;

  private static final long LONGEST_REST_MILLIS = 3_600_000;

  /** Calls that get the stand-in compiled, whose time defines what is fast. */
  private static final int STAND_IN_CALLS = 1000;

  /** The number of empty calls after which a method is in C2's queue on an idle machine. */
  private static final int ENOUGH_CALLS = 6000;

  /**
   * The number of empty calls before each real one: C2 counts calls, so nearly all of them do
   * nothing; the real ones provide its profile.
   */
  private static final int EMPTY_CALLS = 20;

  /** Empty calls between pauses. */
  private static final int MORE_EMPTY_CALLS = 100;

  /** Calls between pauses if there are no empty ones. */
  private static final int REAL_CALLS = 20;

  /**
   * The number of calls that are timed; the fastest one counts, because others may have been
   * interrupted.
   */
  private static final int TIMED_CALLS = 3;

  /**
   * Compiled vector code takes about as long as plain code or less, uncompiled code at least ten
   * times as long.
   */
  private static final int FAST_FACTOR = 2;

  /**
   * The number of inputs that a kernel is checked on: enough to cover every remainder of every
   * loop.
   */
  private static final int DRAWS = 24;

  private final Supplier<List<Candidate<?>>> candidates;
  private final int mostPauses;
  private final Random random = new Random(42);

  KernelWarmUp(Supplier<List<Candidate<?>>> candidates, int mostPauses) {
    this.candidates = candidates;
    this.mostPauses = mostPauses;
  }

  /**
   * Starts a daemon thread that hands over all candidates.
   *
   * @param candidates makes them in that thread, first those that callers need most
   */
  public static Thread start(Supplier<List<Candidate<?>>> candidates) {
    return new KernelWarmUp(candidates, MOST_PAUSES).start();
  }

  /**
   * Starts that thread once stand-ins of a table have done enough work; until then all entries are
   * {@link KernelEntry.State#IDLE}.
   *
   * @param table the functions to hand over
   * @param candidates makes the candidates in that thread
   */
  public static void startWhenNeeded(KernelTable table, Supplier<List<Candidate<?>>> candidates) {
    AtomicBoolean begun = new AtomicBoolean();
    Runnable begin =
        () -> {
          if (begun.compareAndSet(false, true)) {
            table.entries().forEach(KernelEntry::begin);
            start(candidates);
          }
        };
    table.entries().forEach(entry -> entry.idle(begin));
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
      List<Candidate<?>> late = warmAll();
      if (!late.isEmpty()) {
        retry(late);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (NoClassDefFoundError e) {
      // An application server has closed our class loader: the kernels are no longer needed.
      log("The warm-up of the kernels ended early: " + e);
    }
  }

  /** Warms up all candidates and returns those that did not get fast in time. */
  private List<Candidate<?>> warmAll() throws InterruptedException {
    List<Candidate<?>> open = new ArrayList<>(candidates.get());
    List<Candidate<?>> late = new ArrayList<>();
    Candidate<?> next = begin(open);
    while (next != null) {
      Candidate<?> current = next;
      open.remove(current);
      // The compiler works on the next one while this one is checked.
      next = begin(open);
      if (!decide(current, mostPauses)) {
        late.add(current);
        current.entry().late();
      }
    }
    return late;
  }

  /**
   * Puts the candidate that callers need most into the compiler's queue; returns null if there is
   * none.
   */
  private static @Nullable Candidate<?> begin(List<Candidate<?>> open) {
    Candidate<?> most = null;
    for (Candidate<?> candidate : open) {
      if (most == null || candidate.entry().waiting() > most.entry().waiting()) {
        most = candidate;
      }
    }
    if (most != null) {
      begin(most);
    }
    return most;
  }

  private static void begin(Candidate<?> candidate) {
    candidate.exercise().usual();
    for (int i = 0; i < STAND_IN_CALLS; i++) {
      candidate.runStandIn();
    }
    if (candidate.runEmpty()) {
      for (int calls = 1; calls < ENOUGH_CALLS; calls++) {
        candidate.runEmpty();
        if (calls % EMPTY_CALLS == 0) {
          candidate.run();
        }
      }
    }
  }

  private static void again(Candidate<?> candidate) {
    if (candidate.runEmpty()) {
      for (int i = 1; i < MORE_EMPTY_CALLS; i++) {
        candidate.runEmpty();
      }
    } else {
      for (int i = 0; i < REAL_CALLS; i++) {
        candidate.run();
      }
    }
  }

  /** Tries again until all candidates are decided, which may never happen. */
  private void retry(List<Candidate<?>> late) throws InterruptedException {
    log(
        "The JVM did not compile these kernels in good time, so plain-Java kernels are used in"
            + " their place until it has: "
            + late.stream().map(each -> each.entry().name()).collect(Collectors.joining(", "))
            + "; if that happens on an idle machine, please report it with the output of java"
            + " -version.");
    List<Candidate<?>> all = List.copyOf(late);
    for (long rest = mostPauses; !late.isEmpty(); rest = Math.min(2 * rest, LONGEST_REST_MILLIS)) {
      Thread.sleep(rest);
      for (Iterator<Candidate<?>> each = late.iterator(); each.hasNext(); ) {
        if (decide(each.next(), LATE_PAUSES)) {
          each.remove();
        }
      }
    }
    // A refused one has been reported.
    if (all.stream().allMatch(each -> each.entry().state() == KernelEntry.State.READY)) {
      log("All kernels are compiled now.");
    }
  }

  /**
   * Calls a kernel until it is fast, then hands it over or refuses it; false if it did not get fast
   * in time. The check may bring it back to the interpreter, if the JVM meets a case that it had
   * not compiled; so it must be fast after the check, too.
   */
  private boolean decide(Candidate<?> candidate, int pauses) throws InterruptedException {
    KernelEntry<?> entry = candidate.entry();
    for (int i = 0; i < pauses; i++) {
      again(candidate);
      if (isFast(candidate)) {
        if (!candidate.isRight(random, DRAWS)) {
          entry.refuse();
          log(
              String.format(
                  "The kernel '%s' gives other results than plain Java once this JVM has compiled it, so plain Java is used in its place; please report this with the output of java -version.",
                  entry.name()));
          return true;
        }
        if (isFast(candidate)) {
          entry.handOver();
          return true;
        }
      }
      Thread.sleep(1);
    }
    return false;
  }

  private static boolean isFast(Candidate<?> candidate) {
    return best(candidate::run) <= FAST_FACTOR * best(candidate::runStandIn);
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

  private static void log(String sentence) {
    Log.info(sentence);
  }
}

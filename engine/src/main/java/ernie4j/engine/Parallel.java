package ernie4j.engine;

import ernie4j.engine.platform.SpinWait;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Shares the iterations of a loop between the calling thread and helpers, which are threads of an
 * executor. Helpers spin for a moment between two loops, because the loops of a forward pass or a
 * training step follow each other within microseconds; then they return to the executor. If the
 * executor has no thread to spare, the caller computes everything itself: it never waits for a
 * helper that has not started.
 *
 * <pre>{@code
 * try (Parallel parallel = Parallel.of(4)) { ... }           // four threads, three of its own
 * Parallel parallel = Parallel.on(ForkJoinPool.commonPool(), 4);  // three from that pool
 * }</pre>
 *
 * <p>The partition of a range never changes a result: every operation writes each of its outputs in
 * one part only and in one order. One loop runs at a time; an instance belongs to one caller.
 *
 * <p>When {@link #run} returns or throws, no helper computes any more, whatever the executor did:
 * it may refuse tasks, lose them, run them late, twice or in the caller's thread.
 */
public final class Parallel implements AutoCloseable {
  private static final int SPINS = 20_000;

  /**
   * Parts per thread: several, so that faster threads compute more; few enough that claiming them
   * costs nothing.
   */
  private static final int PARTS = 4;

  /** Executors may lose tasks. A task that has not started after this time is submitted again. */
  private static final long LOST_AFTER = TimeUnit.SECONDS.toNanos(1);

  /** How long a thread of {@link #newThreads} waits for work before it ends. */
  private static final long KEEP_ALIVE_SECONDS = 10;

  private final @Nullable Executor executor;
  private final @Nullable ExecutorService own;
  private final Helper[] helpers;

  // The running loop. Written before the claims, read after a successful claim; the caller changes
  // these fields only when every claimed part is done.
  private @Nullable Body body;
  private int items;
  private int partSize;
  private int parts;
  private volatile @Nullable Throwable failure;

  /**
   * The thread that runs the loop. Only compared with the reader's own thread, so a stale value is
   * harmless.
   */
  private @Nullable Thread caller;

  /** High half: the number of the loop. Low half: the number of its unclaimed parts. */
  private final AtomicLong claims = new AtomicLong();

  /** Parts that are neither done nor given up; above 0 while a loop runs. */
  private final AtomicInteger unfinished = new AtomicInteger();

  private volatile boolean resting;

  private Parallel(int threads, @Nullable Executor executor, @Nullable ExecutorService own) {
    this.executor = executor;
    this.own = own;
    helpers = new Helper[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
  }

  /** The body of a loop: computes the iterations {@code [from, to)}. */
  public interface Body {
    /**
     * Computes a part of the loop.
     *
     * @param worker the thread that computes: 0 for the caller, from 1 to below {@link #threads}
     *     for a helper; selects scratch memory that two threads must not share
     * @param from the first iteration
     * @param to the iteration after the last
     */
    void run(int worker, int from, int to);
  }

  /** {@return an instance that computes everything in the calling thread} */
  public static Parallel serial() {
    return new Parallel(1, null, null);
  }

  /**
   * Returns an instance with threads of its own: the calling thread and {@code threads - 1} daemon
   * threads, which {@link #close} ends.
   *
   * @param threads the most threads that compute, at least 1
   * @return a new instance
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public static Parallel of(int threads) {
    requireOne(threads);
    if (threads == 1) {
      return serial();
    }
    ExecutorService own = newThreads(threads - 1);
    return new Parallel(threads, own, own);
  }

  /**
   * Creates daemon threads for any number of instances. They start when they are needed and end
   * after ten idle seconds, so an executor that is never shut down keeps none.
   *
   * @param count the most threads, at least 1
   * @return an executor over these threads
   * @throws IllegalArgumentException if {@code count} is below 1
   */
  public static ExecutorService newThreads(int count) {
    requireOne(count);
    AtomicInteger started = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            count,
            count,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ernie4j-parallel-" + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  /**
   * Returns an instance over the threads of an executor: the calling thread and up to {@code
   * threads - 1} others. {@link #close} leaves the executor open.
   *
   * @param executor runs the helpers; may refuse
   * @param threads the most threads that compute, at least 1
   * @return a new instance
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public static Parallel on(Executor executor, int threads) {
    requireOne(threads);
    return new Parallel(threads, executor, null);
  }

  private static void requireOne(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Parallel: expected at least 1 thread, got " + threads);
    }
  }

  /** {@return the most threads that compute, the caller's included} */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs the body over {@code [0, count)} in contiguous parts and returns when all are done. An
   * exception of the body is thrown here, as is one of the executor other than {@link
   * RejectedExecutionException}; parts that have not started by then are not computed. An interrupt
   * stops nothing: a loop is short, and its results would be incomplete.
   *
   * @param count the number of iterations
   * @param grain parts start at multiples of this
   * @param loop the body
   * @throws IllegalStateException if a loop of this instance is already running, or a thread of the
   *     executor was killed in the middle of a part
   */
  public void run(int count, int grain, Body loop) {
    int grains = (count + grain - 1) / grain;
    if (helpers.length == 0 || grains <= 1) {
      loop.run(0, 0, count);
      return;
    }
    int grainsOfPart = (grains + PARTS * threads() - 1) / (PARTS * threads());
    int partCount = (grains + grainsOfPart - 1) / grainsOfPart;
    if (!unfinished.compareAndSet(0, partCount)) {
      throw new IllegalStateException(
          "Parallel: a loop is already running; an instance belongs to one caller, who runs one loop at a time");
    }
    body = loop;
    items = count;
    partSize = grainsOfPart * grain;
    parts = partCount;
    failure = null;
    caller = Thread.currentThread();
    resting = false;
    long generation = (claims.get() >>> 32) + 1;
    claims.set(generation << 32 | partCount);
    try {
      for (int i = 0; i < Math.min(helpers.length, partCount - 1); i++) {
        helpers[i].call();
      }
      work(0);
    } catch (Throwable e) {
      giveUp(e); // of the executor; what the body throws is caught where it is computed
    }
    awaitOthers();
    // A task that waits in the executor's queue must not keep the data of the loop alive.
    body = null;
    caller = null;
    rethrow(failure);
  }

  /** Computes parts of the loop that runs until all are claimed. */
  private void work(int worker) {
    for (long claim = claims.get(); (int) claim > 0; claim = claims.get()) {
      if (claims.compareAndSet(claim, claim - 1)) {
        compute(worker, parts - (int) claim);
      }
    }
  }

  private void compute(int worker, int part) {
    Body loop = body;
    try {
      if (loop != null) {
        int from = part * partSize;
        loop.run(worker, from, Math.min(items, from + partSize));
      }
    } catch (Throwable e) {
      giveUp(e);
    } finally {
      unfinished.decrementAndGet();
    }
  }

  /** Withdraws the unclaimed parts. The loop is still running: its caller waits. */
  private void giveUp(Throwable reason) {
    failure = reason;
    long claim = claims.get();
    while (!claims.compareAndSet(claim, claim >>> 32 << 32)) {
      claim = claims.get();
    }
    unfinished.addAndGet(-(int) claim);
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint to the scheduler, nothing relies on it
  private void awaitOthers() {
    for (long spins = 0; unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        SpinWait.hint();
      } else if (spins % SPINS == 0 && noHelperIsLeft() && unfinished.get() > 0) {
        failure =
            new IllegalStateException(
                "Parallel: a thread of the executor was killed in the middle of its part; the results of this loop are incomplete, run it again",
                failure);
        unfinished.set(0);
      } else {
        // There are more threads than free processors: the awaited one may need this processor.
        Thread.yield();
      }
    }
  }

  private boolean noHelperIsLeft() {
    for (Helper helper : helpers) {
      Thread thread = helper.runner.get();
      if (thread != null && thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      // Other languages have no checked exceptions, and lambdas can be made to throw them.
      throw new UndeclaredThrowableException(failure);
    }
  }

  /**
   * {@return whether a helper may be computing; false whenever {@link #run} has returned or thrown}
   */
  public boolean isRunning() {
    return unfinished.get() > 0;
  }

  /** Announces that no loop follows for a while: helpers stop spinning at once. */
  public void rest() {
    resting = true;
  }

  /**
   * Ends the threads that this instance started itself. A running loop is completed; the caller of
   * a later one computes it alone.
   */
  @Override
  public void close() {
    resting = true;
    if (own != null) {
      own.shutdown();
    }
  }

  private final class Helper implements Runnable {
    private final int worker;

    /** Whether the executor has the task or runs it. */
    private final AtomicBoolean called = new AtomicBoolean();

    /** The thread that helps; one at a time, because each worker has one scratch. */
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();

    private long calledAt;

    Helper(int worker) {
      this.worker = worker;
    }

    void call() {
      Executor lender = executor;
      if (lender == null) {
        return;
      }
      if (called.compareAndSet(false, true)
          || (runner.get() == null && System.nanoTime() - calledAt > LOST_AFTER)) {
        calledAt = System.nanoTime();
        boolean accepted = false;
        try {
          lender.execute(this);
          accepted = true;
        } catch (RejectedExecutionException e) {
          // The caller computes alone.
        } finally {
          if (!accepted) {
            called.set(false);
          }
        }
      }
    }

    @Override
    public void run() {
      Thread current = Thread.currentThread();
      if (current == caller) {
        called.set(false); // an executor without threads: the caller computes anyway
        return;
      }
      boolean again = runner.compareAndSet(null, current);
      while (again) {
        try {
          help();
        } finally {
          // In this order: a caller that finds the helper uncalled must find its place free.
          runner.set(null);
          called.set(false);
        }
        // A loop may have begun since the last check, and its caller may have seen this helper as
        // still running.
        again =
            !resting
                && (int) claims.get() > 0
                && called.compareAndSet(false, true)
                && runner.compareAndSet(null, current);
      }
    }

    private void help() {
      int idle = 0;
      while (idle < SPINS && !resting) {
        if ((int) claims.get() > 0) {
          work(worker);
          idle = 0;
        } else {
          idle++;
          SpinWait.hint();
        }
      }
    }
  }
}

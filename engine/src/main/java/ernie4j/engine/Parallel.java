package ernie4j.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shares the iterations of a loop between the calling thread and helpers that an executor lends.
 * Helpers spin for a moment between two loops, because the loops of a forward pass or a training
 * step follow each other within microseconds; then they go back to the executor. If it has no
 * thread to spare, the caller computes everything itself: nobody ever waits for a helper that has
 * not begun.
 *
 * <pre>{@code
 * try (Parallel parallel = Parallel.of(4)) { ... }           // four threads, three of its own
 * Parallel parallel = Parallel.on(ForkJoinPool.commonPool(), 4);  // three from that pool
 * }</pre>
 *
 * <p>How a range is cut never changes a result here: every operation writes each of its outputs in
 * one part only and in one order. One loop runs at a time; an instance belongs to one caller.
 */
public final class Parallel implements AutoCloseable {
  private static final int SPINS = 20_000;

  /** Parts per thread: some for whoever is faster, few enough that claiming them costs nothing. */
  private static final int PARTS = 4;

  private final @Nullable Executor executor;
  private final @Nullable ExecutorService own;
  private final Helper[] helpers;

  // The loop that runs. Written before the claims are, read after a claim has succeeded; the caller
  // changes them only when every claimed part is done.
  private @Nullable Body body;
  private int items;
  private int partSize;
  private int parts;
  private volatile @Nullable Throwable failure;

  /** High half: the number of the loop. Low half: how many of its parts nobody has claimed yet. */
  private final AtomicLong claims = new AtomicLong();

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
     * @param worker who computes: 0 for the caller, below {@link #threads} for a helper; for
     *     scratch that two threads must not share
     */
    void run(int worker, int from, int to);
  }

  /** Everything in the calling thread. */
  public static Parallel serial() {
    return new Parallel(1, null, null);
  }

  /**
   * The calling thread and {@code threads - 1} daemon threads, which {@link #close} ends.
   *
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public static Parallel of(int threads) {
    requireOne(threads);
    if (threads == 1) {
      return serial();
    }
    AtomicInteger count = new AtomicInteger();
    ExecutorService own =
        Executors.newFixedThreadPool(
            threads - 1,
            task -> {
              Thread thread = new Thread(task, "ernie4j-parallel-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    return new Parallel(threads, own, own);
  }

  /**
   * The calling thread and up to {@code threads - 1} threads of an executor, which stays open.
   *
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

  /** The most threads that compute, the caller's included. */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs the body over {@code [0, count)} in contiguous parts and returns when all are done. An
   * exception of the body is thrown here.
   *
   * @param grain parts start at multiples of this
   */
  public void run(int count, int grain, Body loop) {
    int grains = (count + grain - 1) / grain;
    if (helpers.length == 0 || grains <= 1) {
      loop.run(0, 0, count);
      return;
    }
    int grainsOfPart = (grains + PARTS * threads() - 1) / (PARTS * threads());
    body = loop;
    items = count;
    partSize = grainsOfPart * grain;
    parts = (grains + grainsOfPart - 1) / grainsOfPart;
    failure = null;
    unfinished.set(parts);
    resting = false;
    long generation = (claims.get() >>> 32) + 1;
    claims.set(generation << 32 | parts);
    for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) {
      helpers[i].call();
    }
    work(0);
    awaitOthers();
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
      failure = e;
    } finally {
      unfinished.decrementAndGet();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint to the scheduler, nothing relies on it
  private void awaitOthers() {
    for (int spins = 0; unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        // More threads than free processors: the one we wait for may need this processor.
        Thread.yield();
      }
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Says that no loop follows for a while: helpers stop spinning at once. */
  public void rest() {
    resting = true;
  }

  /** Ends the threads that this instance started itself. */
  @Override
  public void close() {
    resting = true;
    if (own != null) {
      own.shutdown();
    }
  }

  private final class Helper implements Runnable {
    private final int worker;
    private final AtomicBoolean called = new AtomicBoolean();

    Helper(int worker) {
      this.worker = worker;
    }

    void call() {
      Executor lender = executor;
      if (lender != null && called.compareAndSet(false, true)) {
        try {
          lender.execute(this);
        } catch (RejectedExecutionException e) {
          called.set(false); // the caller computes alone
        }
      }
    }

    @Override
    public void run() {
      do {
        int idle = 0;
        while (idle < SPINS && !resting) {
          if ((int) claims.get() > 0) {
            work(worker);
            idle = 0;
          } else {
            idle++;
            Thread.onSpinWait();
          }
        }
        called.set(false);
        // A loop may have begun since the last look, and its caller may have seen us as still here.
      } while (!resting && (int) claims.get() > 0 && called.compareAndSet(false, true));
    }
  }
}

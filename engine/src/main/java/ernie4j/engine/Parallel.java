package ernie4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Shares the iterations of a loop among a fixed number of threads. The caller computes a part
 * itself; helpers spin for a moment between two loops before they go to sleep, because the loops of
 * a training step follow each other within microseconds.
 *
 * <p>How a range is cut never changes a result here: every operation writes each of its outputs in
 * one part only and in one order. One loop runs at a time; an instance belongs to one caller.
 */
public final class Parallel implements AutoCloseable {
  private static final int SPINS = 20_000;

  private final List<Helper> helpers = new ArrayList<>();

  private Parallel(int threads) {
    for (int i = 1; i < threads; i++) {
      Helper helper = new Helper(i);
      helpers.add(helper);
      helper.start();
    }
  }

  /** The body of a loop: computes the iterations {@code [from, to)} as part {@code part}. */
  public interface Body {
    void run(int part, int from, int to);
  }

  /** Everything in the calling thread. */
  public static Parallel serial() {
    return new Parallel(1);
  }

  /**
   * The calling thread and {@code threads - 1} daemon threads, which {@link #close} ends.
   *
   * @throws IllegalArgumentException if {@code threads} is below 1
   */
  public static Parallel of(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Parallel: expected at least 1 thread, got " + threads);
    }
    return new Parallel(threads);
  }

  /** The number of threads, the caller's included; parts are numbered below this. */
  public int threads() {
    return helpers.size() + 1;
  }

  /**
   * Runs the body over {@code [0, items)} in at most {@link #threads} contiguous parts and returns
   * when all are done. An exception of the body is thrown here.
   *
   * @param grain parts start at multiples of this
   */
  public void run(int items, int grain, Body body) {
    int grains = (items + grain - 1) / grain;
    int parts = Math.min(threads(), grains);
    if (parts <= 1) {
      body.run(0, 0, items);
      return;
    }
    for (int p = 1; p < parts; p++) {
      helpers
          .get(p - 1)
          .begin(
              body,
              bound(p, parts, grains, grain, items),
              bound(p + 1, parts, grains, grain, items));
    }
    Throwable failure = null;
    try {
      body.run(0, 0, bound(1, parts, grains, grain, items));
    } catch (Throwable e) {
      failure = e;
    }
    for (int p = 1; p < parts; p++) {
      Throwable other = helpers.get(p - 1).await();
      failure = failure == null ? other : failure;
    }
    rethrow(failure);
  }

  private static int bound(int part, int parts, int grains, int grain, int items) {
    return (int) Math.min(items, (long) grains * part / parts * grain);
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() {
    for (Helper helper : helpers) {
      helper.end();
    }
  }

  private static final class Helper extends Thread {
    private final int part;
    private int from;
    private int to;
    private @Nullable Throwable failure;
    // Written last and read first, so that the fields above are seen by the other side.
    private volatile @Nullable Body body;
    private volatile boolean ended;
    private volatile boolean asleep;

    Helper(int part) {
      super("ernie4j-parallel-" + part);
      this.part = part;
      setDaemon(true);
    }

    void begin(Body newBody, int newFrom, int newTo) {
      from = newFrom;
      to = newTo;
      failure = null;
      body = newBody;
      if (asleep) {
        LockSupport.unpark(this);
      }
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint to the scheduler, nothing relies on it
    @Nullable Throwable await() {
      for (int spins = 0; body != null; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          // More threads than free processors: the one we wait for may need this processor.
          Thread.yield();
        }
      }
      return failure;
    }

    void end() {
      ended = true;
      LockSupport.unpark(this);
    }

    @Override
    public void run() {
      int idle = 0;
      while (!ended) {
        Body work = body;
        if (work != null) {
          try {
            work.run(part, from, to);
          } catch (Throwable e) {
            failure = e;
          }
          idle = 0;
          body = null;
        } else if (idle++ < SPINS) {
          Thread.onSpinWait();
        } else {
          sleep();
          idle = 0;
        }
      }
    }

    private void sleep() {
      asleep = true;
      // Whoever sets a body after this line sees asleep and wakes us; whoever did before is seen
      // here.
      while (body == null && !ended) {
        LockSupport.park(this);
      }
      asleep = false;
    }
  }
}

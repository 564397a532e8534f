package ernie4j.engine.encoder;

import ernie4j.engine.Parallel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lends workspaces to the callers of one encoder, as many at once and of as many tokens together as
 * the options allow, in the order of arrival. Unused workspaces are kept up to a number of tokens;
 * beyond it, the longest unused is dropped first.
 */
final class WorkspacePool {
  /** Capacities are multiples of this, so that texts a little longer need no new arrays. */
  private static final int STEP = 64;

  /** Kept for short texts, in addition to the scratch of one full pass. */
  private static final int KEPT_FOR_SHORT = 1024;

  private final ExecutionOptions options;
  private final Function<Parallel, EncoderWorkspace> factory;
  private final Executor executor;
  private final @Nullable ExecutorService own;
  private final int keptTokens;

  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock; closed is also read without it.
  private final List<EncoderWorkspace> idle = new ArrayList<>();
  private final List<Thread> borrowers = new ArrayList<>();
  private final Queue<Waiter> waiters = new ArrayDeque<>();
  private long lentTokens;
  private volatile boolean closed;

  /** A caller over a limit. A caller that gives a workspace back admits the first ones. */
  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    final int tokens;
    final Condition admission;
    boolean admitted;

    Waiter(int tokens, Condition admission) {
      this.tokens = tokens;
      this.admission = admission;
    }
  }

  /**
   * A pool without workspaces.
   *
   * @param factory makes a workspace whose passes are shared as the argument says
   */
  WorkspacePool(ExecutionOptions options, Function<Parallel, EncoderWorkspace> factory) {
    this.options = options;
    this.factory = factory;
    Executor given = options.executor();
    if (given == null) {
      own = Parallel.newThreads(Math.max(1, options.threads() - 1));
      executor = own;
    } else {
      own = null;
      executor = given;
    }
    keptTokens = Math.min(options.passTokens() + KEPT_FOR_SHORT, options.maxTokens());
  }

  ExecutionOptions options() {
    return options;
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException(
          "Encoder: it is closed; use it before closing it, or load the model again");
    }
  }

  /**
   * A workspace for a batch of so many tokens, to be given back by the same thread.
   *
   * @throws IllegalStateException if the pool is closed, or is closed while the caller waits
   * @throws CancellationException if the caller is interrupted while it waits
   */
  EncoderWorkspace lend(int tokens) {
    // A long, because a batch may have nearly as many tokens as an int can count.
    long steps = (tokens + STEP - 1L) / STEP;
    int needed = (int) Math.max(tokens, Math.min(steps * STEP, options.maxTokens()));
    lock.lock();
    try {
      requireOpen();
      Thread caller = Thread.currentThread();
      // A caller that has one and asks for another would wait for itself.
      if ((waiters.isEmpty() && fits(needed)) || borrowers.contains(caller)) {
        admit(caller, needed);
      } else {
        awaitTurn(needed);
      }
      return choose(needed);
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(int tokens) {
    return borrowers.isEmpty()
        || (borrowers.size() < options.maxPasses() && lentTokens + tokens <= options.maxTokens());
  }

  private void admit(Thread borrower, int tokens) {
    borrowers.add(borrower);
    lentTokens += tokens;
  }

  private void awaitTurn(int tokens) {
    Waiter self = new Waiter(tokens, lock.newCondition());
    waiters.add(self);
    try {
      while (!self.admitted) {
        requireOpen();
        self.admission.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!self.admitted) {
        throw new CancellationException(
            String.format(
                "Encoder: interrupted while waiting for its turn behind %d passes of %d tokens together; nothing was computed, call again or raise the limits of ExecutionOptions",
                borrowers.size(), lentTokens));
      }
    } finally {
      if (!self.admitted) {
        waiters.remove(self);
        admitWaiters(); // those after it may fit where this one did not
      }
    }
  }

  private void admitWaiters() {
    for (Waiter next = waiters.peek();
        next != null && !closed && fits(next.tokens);
        next = waiters.peek()) {
      waiters.remove();
      admit(next.thread, next.tokens);
      next.admitted = true;
      next.admission.signal();
    }
  }

  /** The best idle workspace for an admitted caller, or a new one. */
  private EncoderWorkspace choose(int needed) {
    EncoderWorkspace best = null;
    boolean chosen = false;
    try {
      // Much larger ones are left for long texts: a loan must not be much larger than its use.
      long room = Math.max(0, options.maxTokens() - lentTokens);
      long largest = Math.min(needed + room, 2L * needed);
      for (int i = 0; i < idle.size(); i++) {
        EncoderWorkspace candidate = idle.get(i);
        if (candidate.capacity() <= largest
            && (best == null || isBetter(candidate.capacity(), best.capacity(), needed))) {
          best = candidate;
        }
      }
      if (best == null) {
        best = factory.apply(Parallel.on(executor, options.threads()));
      } else {
        idle.remove(best);
      }
      int capacity = Math.max(needed, best.capacity());
      lentTokens += capacity - needed;
      best.reserve(capacity);
      chosen = true;
      return best;
    } finally {
      if (!chosen) {
        release(needed);
      }
    }
  }

  /**
   * Whether a capacity suits better than another: the smallest sufficient one, or else the largest.
   */
  private static boolean isBetter(int capacity, int other, int needed) {
    if (other >= needed) {
      return capacity >= needed && capacity < other;
    }
    return capacity > other;
  }

  private void release(int tokens) {
    borrowers.remove(Thread.currentThread());
    lentTokens -= tokens;
    admitWaiters();
  }

  /** Takes back the workspace that was lent to the calling thread. */
  void giveBack(EncoderWorkspace workspace) {
    lock.lock();
    try {
      release(workspace.reserved());
      // After a pass failed, a helper may still write into its workspace.
      if (!closed && !workspace.isInUse() && workspace.capacity() <= keptTokens) {
        idle.add(workspace);
        while (idle.size() > options.maxPasses() || idleTokens() > keptTokens) {
          idle.remove(0);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The tokens of all workspaces that are not in use. */
  int idleTokens() {
    lock.lock();
    try {
      int tokens = 0;
      for (int i = 0; i < idle.size(); i++) {
        tokens += idle.get(i).capacity();
      }
      return tokens;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a workspace that the pool would lend again is still in use; never true. */
  boolean holdsOneInUse() {
    lock.lock();
    try {
      return idle.stream().anyMatch(EncoderWorkspace::isInUse);
    } finally {
      lock.unlock();
    }
  }

  /** How many callers wait. */
  int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the workspaces and ends the pool's own threads; running passes are completed. */
  void close() {
    lock.lock();
    try {
      closed = true;
      idle.clear();
      waiters.forEach(waiter -> waiter.admission.signal());
    } finally {
      lock.unlock();
    }
    if (own != null) {
      own.shutdown();
    }
  }
}

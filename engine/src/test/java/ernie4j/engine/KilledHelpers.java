package ernie4j.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Kills helpers at random moments of many loops; ends if no caller waits for one. */
final class KilledHelpers {
  private static final long NANOSECONDS = TimeUnit.SECONDS.toNanos(5);

  private KilledHelpers() {}

  public static void main(String[] args) throws Exception {
    long end = System.nanoTime() + NANOSECONDS;
    for (int round = 0; System.nanoTime() < end; round++) {
      round(round);
    }
  }

  private static void round(int round) throws InterruptedException {
    AtomicReference<Thread> helper = new AtomicReference<>();
    Parallel parallel =
        Parallel.on(
            task -> {
              Thread thread = new Thread(task);
              thread.setUncaughtExceptionHandler((t, e) -> {});
              thread.setDaemon(true);
              thread.start();
              helper.compareAndSet(null, thread);
            },
            2);
    AtomicBoolean killed = new AtomicBoolean();
    Thread killer =
        new Thread(
            () -> {
              Thread victim = helper.get();
              while (victim == null) {
                Thread.onSpinWait();
                victim = helper.get();
              }
              long end = System.nanoTime() + 100_000 + (round * 7919L) % 200_000;
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              kill(victim);
              killed.set(true);
            });
    killer.start();
    try {
      while (!killed.get()) {
        parallel.run(8, 1, (worker, from, to) -> {});
      }
    } catch (ThreadDeath | IllegalStateException e) {
      // A killed helper may make the loop fail.
    }
    killer.join();
    if (parallel.isRunning()) {
      throw new AssertionError("the loop of round " + round + " is still running");
    }
  }

  /** By reflection: the method is deprecated, and gone in later JDKs. */
  static void kill(Thread thread) {
    try {
      Thread.class.getMethod("stop").invoke(thread);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Thread.stop", e);
    }
  }
}

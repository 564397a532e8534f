package ernie4j.bench.process;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Callers that ask again as soon as they have their answer. */
final class Load {
  private Load() {}

  /** Asks about a text and waits for the answer. */
  interface Caller extends Closeable {
    void call(String text) throws IOException;
  }

  /** Makes a caller for each thread. */
  interface CallerFactory {
    Caller open() throws IOException;
  }

  /**
   * The result of a run.
   *
   * @param seconds how long it took
   * @param nanos of every call, sorted
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Result(double seconds, long[] nanos) {
    double perSecond() {
      return nanos.length / seconds;
    }

    /** A quantile of the calls. */
    double millis(double share) {
      return nanos[Math.min(nanos.length - 1, (int) (share * nanos.length))] / 1e6;
    }
  }

  /**
   * Runs this many callers at once.
   *
   * @throws IOException if one of them fails
   */
  static Result run(CallerFactory factory, List<String> texts, int callers, Duration time)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      long began = System.nanoTime();
      long end = began + time.toNanos();
      List<Callable<long[]>> work = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        int first = c * 37; // so that not all ask the same
        work.add(() -> callUntil(end, factory, texts, first));
      }
      List<long[]> all = new ArrayList<>();
      for (Future<long[]> calls : threads.invokeAll(work)) {
        all.add(calls.get());
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      return new Result(seconds, nanos);
    } catch (ExecutionException e) {
      throw new IOException("a caller failed: " + e.getCause(), e.getCause());
    } finally {
      threads.shutdown();
    }
  }

  private static long[] callUntil(long end, CallerFactory factory, List<String> texts, int first)
      throws IOException {
    long[] nanos = new long[1024];
    int calls = 0;
    try (Caller caller = factory.open()) {
      for (long now = System.nanoTime(); now < end; ) {
        caller.call(texts.get((first + calls) % texts.size()));
        long after = System.nanoTime();
        if (calls == nanos.length) {
          nanos = Arrays.copyOf(nanos, 2 * calls);
        }
        nanos[calls++] = after - now;
        now = after;
      }
    }
    return Arrays.copyOf(nanos, calls);
  }
}

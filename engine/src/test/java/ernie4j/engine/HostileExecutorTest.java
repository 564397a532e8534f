package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.UndeclaredThrowableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an executor does, no caller hangs and no helper outlives the call. */
@Timeout(60)
class HostileExecutorTest {
  private static final int THREADS = 4;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Counts how often each iteration was computed, and notices two that share a worker. */
  private static final class Counted implements Parallel.Body {
    private final AtomicIntegerArray runs;
    private final AtomicIntegerArray busy = new AtomicIntegerArray(THREADS);
    private final AtomicInteger computing = new AtomicInteger();
    private final AtomicInteger shared = new AtomicInteger();
    private final int failing;

    Counted(int count, int failing) {
      runs = new AtomicIntegerArray(count);
      this.failing = failing;
    }

    @Override
    public void run(int worker, int from, int to) {
      computing.incrementAndGet();
      if (busy.incrementAndGet(worker) > 1) {
        shared.incrementAndGet();
      }
      try {
        for (int i = from; i < to; i++) {
          runs.incrementAndGet(i);
          if (i == failing) {
            throw new IllegalStateException("iteration " + i);
          }
          Thread.onSpinWait();
        }
      } finally {
        busy.decrementAndGet(worker);
        computing.decrementAndGet();
      }
    }

    int total() {
      int total = 0;
      for (int i = 0; i < runs.length(); i++) {
        total += runs.get(i);
      }
      return total;
    }

    void assertWhole() {
      for (int i = 0; i < runs.length(); i++) {
        assertThat(runs.get(i)).as("runs of iteration %d", i).isEqualTo(1);
      }
    }
  }

  /** Starts a real helper, which is in the middle of its part, before the executor fails. */
  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, NullPointerException.class})
  void noHelperContinuesAfterTheExecutorThrew(Class<? extends Throwable> kind) throws Exception {
    Throwable thrown = kind.getConstructor(String.class).newInstance("no thread");
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    Executor executor =
        task -> {
          if (calls.incrementAndGet() == 2) {
            await(begun);
            HostileExecutorTest.<RuntimeException>sneak(thrown);
          }
          threads.execute(task);
        };
    Parallel parallel = Parallel.on(executor, THREADS);
    AtomicInteger computing = new AtomicInteger();
    AtomicInteger computed = new AtomicInteger();
    assertThatThrownBy(
            () ->
                parallel.run(
                    160,
                    10,
                    (worker, from, to) -> {
                      computing.incrementAndGet();
                      begun.countDown();
                      pause(20);
                      computed.incrementAndGet();
                      computing.decrementAndGet();
                    }))
        .isSameAs(thrown);
    assertThat(computing).as("parts still being computed").hasValue(0);
    int then = computed.get();
    assertThat(then).isBetween(1, 15);
    pause(60);
    assertThat(computed).as("parts computed after the caller gave up").hasValue(then);

    Counted next = new Counted(160, -1);
    parallel.run(160, 10, next);
    next.assertWhole();
  }

  @Test
  void skipsUnstartedPartsAfterABodyThrew() {
    Parallel parallel = Parallel.on(threads, 2);
    AtomicInteger begun = new AtomicInteger();
    assertThatThrownBy(
            () ->
                parallel.run(
                    8,
                    1,
                    (worker, from, to) -> {
                      if (begun.incrementAndGet() == 1) {
                        throw new IllegalStateException("first");
                      }
                      pause(50);
                    }))
        .hasMessage("first");
    // One part failed; the other thread was at most in the middle of one.
    assertThat(begun.get()).isLessThanOrEqualTo(2);
    assertThat(parallel.isRunning()).isFalse();
  }

  @Test
  void resubmitsATaskThatNeverRan() {
    AtomicInteger lost = new AtomicInteger();
    AtomicInteger helped = new AtomicInteger();
    Parallel parallel =
        Parallel.on(
            task -> {
              if (lost.getAndIncrement() > 0) {
                threads.execute(task);
              }
            },
            2);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (helped.get() == 0 && System.nanoTime() < end) {
      AtomicIntegerArray runs = new AtomicIntegerArray(8);
      parallel.run(
          8,
          1,
          (worker, from, to) -> {
            helped.addAndGet(worker);
            runs.incrementAndGet(from);
            pause(5);
          });
      for (int i = 0; i < 8; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
    assertThat(helped.get()).as("parts computed by the helper").isPositive();
  }

  @Test
  void callerDoesNotSpinIfTheExecutorRunsTasksInItsThread() {
    Parallel parallel = Parallel.on(Runnable::run, THREADS);
    AtomicInteger helped = new AtomicInteger();
    for (int round = 0; round < 100; round++) {
      parallel.run(64, 1, (worker, from, to) -> helped.addAndGet(worker));
    }
    assertThat(helped).as("the caller's thread is worker 0").hasValue(0);
  }

  /** Interpreted, because compiled code has few places in which a thread can be killed. */
  @Test
  void killedHelperDoesNotBlockTheCaller() throws Exception {
    assumeTrue(Runtime.version().feature() < 20, "skipped: threads can be killed up to JDK 19");
    Process process =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Xint",
                "-cp",
                System.getProperty("java.class.path"),
                KilledHelpers.class.getName())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(process.waitFor(50, TimeUnit.SECONDS)).as("ended without hanging").isTrue();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(output).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void refusesALoopWhileAKilledCallersLoopIsRunning() throws Exception {
    assumeTrue(Runtime.version().feature() < 20, "skipped: threads can be killed up to JDK 19");
    Parallel parallel = Parallel.on(threads, 2);
    CountDownLatch helping = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread caller =
        new Thread(
            () ->
                parallel.run(
                    8,
                    1,
                    (worker, from, to) -> {
                      if (worker == 1) {
                        helping.countDown();
                        await(end);
                      } else {
                        await(helping);
                      }
                    }));
    caller.setUncaughtExceptionHandler((t, e) -> {});
    caller.start();
    await(helping);
    while (Arrays.stream(caller.getStackTrace())
        .noneMatch(frame -> frame.getMethodName().equals("awaitOthers"))) {
      pause(1);
    }
    KilledHelpers.kill(caller);
    caller.join();
    assertThat(parallel.isRunning()).isTrue();
    assertThatThrownBy(() -> parallel.run(8, 1, (worker, from, to) -> {}))
        .hasMessageContaining("a loop is already running");
    end.countDown();
    while (parallel.isRunning()) {
      Thread.onSpinWait();
    }
    Counted next = new Counted(8, -1);
    parallel.run(8, 1, next);
    next.assertWhole();
  }

  @Test
  void interruptDoesNotEndALoopAndIsKept() {
    Parallel parallel = Parallel.on(threads, THREADS);
    Thread.currentThread().interrupt();
    Counted body = new Counted(500, -1);
    parallel.run(500, 1, body);
    assertThat(Thread.interrupted()).isTrue();
    body.assertWhole();
  }

  @Test
  void checkedExceptionOfABodyReachesTheCaller() {
    Parallel parallel = Parallel.on(threads, 2);
    InterruptedException smuggled = new InterruptedException("checked");
    assertThatThrownBy(
            () ->
                parallel.run(
                    8, 1, (w, from, to) -> HostileExecutorTest.<RuntimeException>sneak(smuggled)))
        .isInstanceOf(UndeclaredThrowableException.class)
        .hasCause(smuggled);
  }

  @Test
  void refusesANestedLoopOfTheSameInstance() {
    Parallel parallel = Parallel.on(threads, 2);
    assertThatThrownBy(
            () -> parallel.run(8, 1, (w, from, to) -> parallel.run(8, 1, (v, a, b) -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a loop is already running");
    Counted next = new Counted(8, -1);
    parallel.run(8, 1, next);
    next.assertWhole();
  }

  /** Treats every task differently: runs it once, late, twice or never, refuses it, or throws. */
  private final class Hostile implements Executor {
    private final Random random;
    private final List<Runnable> late = new ArrayList<>();

    Hostile(long seed) {
      random = new Random(seed);
    }

    @Override
    public void execute(Runnable task) {
      switch (random.nextInt(8)) {
        case 0 -> throw new RejectedExecutionException("full");
        case 1 -> throw new OutOfMemoryError("unable to create a thread");
        case 2 -> {
          threads.execute(task);
          throw new IllegalStateException("and yet it runs");
        }
        case 3 -> late.add(task);
        case 4 -> {
          threads.execute(task);
          threads.execute(task);
        }
        case 5 -> task.run();
        default -> {
          threads.execute(task);
          late.forEach(threads::execute);
          late.clear();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyIterationRunsOnceOnAHostileExecutor(long seed) {
    Random random = new Random(seed);
    Parallel parallel = Parallel.on(new Hostile(seed), THREADS);
    List<Counted> failed = new ArrayList<>();
    List<Integer> totals = new ArrayList<>();
    for (int round = 0; round < 3000; round++) {
      int count = 2 + random.nextInt(60);
      Counted body = new Counted(count, random.nextInt(10) == 0 ? random.nextInt(count) : -1);
      if (random.nextInt(20) == 0) {
        Thread.currentThread().interrupt();
      }
      try {
        parallel.run(count, 1 + random.nextInt(3), body);
        body.assertWhole();
      } catch (IllegalStateException | OutOfMemoryError e) {
        failed.add(body);
        totals.add(body.total());
      }
      assertThat(body.computing).as("parts still being computed").hasValue(0);
      assertThat(body.shared).as("parts that shared a worker").hasValue(0);
      if (random.nextInt(10) == 0) {
        parallel.rest();
      }
    }
    Thread.interrupted();
    assertThat(failed).isNotEmpty();
    // No helper continued a loop after its caller had given it up.
    assertThat(failed.stream().map(Counted::total).toList()).isEqualTo(totals);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkspacePoolTest {
  private static final int LENGTH = SmallModel.CONFIG.maxPositions();

  private final Encoder encoder =
      Encoder.of(SmallModel.CONFIG, SmallModel.parameters(1), Kernels.scalar());
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void endCallers() throws InterruptedException {
    callers.shutdownNow();
    assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private static ExecutionOptions limits(int passes, int tokens) {
    return ExecutionOptions.defaults().withThreads(2).withMaxPasses(passes).withMaxTokens(tokens);
  }

  private static RaggedBatch batch(int tokens) {
    List<int[]> sequences = new ArrayList<>();
    for (int left = tokens; left > 0; left -= LENGTH) {
      sequences.add(new Random(left).ints(Math.min(LENGTH, left), 1, 50).toArray());
    }
    return RaggedBatch.of(sequences);
  }

  /** The largest numbers of passes and tokens that were computed at once. */
  private static final class AtOnce {
    private final AtomicInteger passes = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicInteger mostPasses = new AtomicInteger();
    private final AtomicInteger mostTokens = new AtomicInteger();

    int use(EncoderWorkspace workspace) {
      int own = workspace.batch().tokens();
      mostPasses.accumulateAndGet(passes.incrementAndGet(), Math::max);
      mostTokens.accumulateAndGet(tokens.addAndGet(own), Math::max);
      LockSupport.parkNanos(1000);
      tokens.addAndGet(-own);
      passes.decrementAndGet();
      return own;
    }
  }

  @Test
  void concurrentCallersStayWithinTheLimitsAndAllFinish() throws Exception {
    try (Encoder limited = encoder.withExecution(limits(3, 256))) {
      AtOnce atOnce = new AtOnce();
      List<Future<?>> tasks = new ArrayList<>();
      for (int caller = 0; caller < 40; caller++) {
        int seed = caller;
        tasks.add(
            callers.submit(
                () -> {
                  Random random = new Random(seed);
                  for (int i = 0; i < 20; i++) {
                    RaggedBatch batch = batch(1 + random.nextInt(200));
                    assertThat(limited.<Integer>forward(batch, atOnce::use))
                        .isEqualTo(batch.tokens());
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
      assertThat(atOnce.mostPasses.get()).isBetween(2, 3);
      assertThat(atOnce.mostTokens.get()).isLessThanOrEqualTo(256);
      assertThat(limited.workspaces().idleTokens()).isLessThanOrEqualTo(256);
      assertThat(limited.workspaces().waiting()).isZero();
    }
  }

  @Test
  void idleWorkspacesAreBoundedAndShrink() throws Exception {
    // 512 tokens of a full pass and 1024 for short texts.
    try (Encoder limited = encoder.withExecution(limits(100, 1 << 20))) {
      for (int tokens = 40; tokens < 1000; tokens += 40) {
        inNestedPasses(limited, tokens, 6);
        assertThat(limited.workspaces().idleTokens()).isBetween(1, 512 + 1024);
      }
      limited.<Integer>forward(batch(5000), states -> states.batch().tokens());
      assertThat(limited.workspaces().idleTokens())
          .as("an unusually large workspace is dropped after its pass")
          .isLessThanOrEqualTo(512 + 1024);
    }
  }

  /** A caller within its own pass never waits for itself, however small the limit. */
  private static void inNestedPasses(Encoder encoder, int tokens, int depth) {
    RaggedBatch batch = batch(tokens);
    encoder.<Integer>forward(
        batch,
        states -> {
          if (depth > 1) {
            inNestedPasses(encoder, tokens, depth - 1);
          }
          return states.batch().tokens();
        });
  }

  @Test
  void nestedPassDoesNotWaitForItself() {
    try (Encoder limited = encoder.withExecution(limits(1, 64))) {
      inNestedPasses(limited, 60, 5);
      assertThat(limited.workspaces().waiting()).isZero();
      inNestedPasses(limited, 60, 5);
    }
  }

  @Test
  void aBatchOverTheLimitIsComputedAlone() throws Exception {
    try (Encoder limited = encoder.withExecution(limits(4, 128))) {
      AtOnce atOnce = new AtOnce();
      Future<?> large =
          callers.submit(
              () -> {
                for (int i = 0; i < 20; i++) {
                  limited.<Integer>forward(
                      batch(500),
                      states -> {
                        assertThat(atOnce.passes).hasValue(0);
                        return atOnce.use(states);
                      });
                }
              });
      for (int i = 0; i < 200; i++) {
        limited.<Integer>forward(batch(20), atOnce::use);
      }
      large.get();
      assertThat(atOnce.mostTokens).hasValue(500);
    }
  }

  /** Holds the only place of an encoder until the latch is open. */
  private Future<?> hold(Encoder limited, CountDownLatch end) throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> holder =
        callers.submit(
            () ->
                limited.<Integer>forward(
                    batch(10),
                    states -> {
                      begun.countDown();
                      await(end);
                      return states.batch().tokens();
                    }));
    assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    return holder;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitWaiting(Encoder limited, int callers) throws InterruptedException {
    while (limited.workspaces().waiting() < callers) {
      Thread.sleep(1);
    }
  }

  @Test
  void callersAreServedInOrderOfArrival() throws Exception {
    Encoder limited = encoder.withExecution(limits(1, 4096));
    CountDownLatch end = new CountDownLatch(1);
    Future<?> holder = hold(limited, end);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Future<?>> tasks = new ArrayList<>();
    for (int caller = 0; caller < 10; caller++) {
      int number = caller;
      tasks.add(
          callers.submit(
              () -> limited.<Boolean>forward(batch(10 + number), states -> order.add(number))));
      awaitWaiting(limited, caller + 1);
    }
    end.countDown();
    holder.get();
    for (Future<?> task : tasks) {
      task.get();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void interruptEndsWaitingButNotAPass() throws Exception {
    Encoder limited = encoder.withExecution(limits(1, 4096));
    Thread.currentThread().interrupt();
    assertThat(limited.<Integer>forward(batch(300), states -> 1)).isEqualTo(1);
    assertThat(Thread.interrupted()).as("the thread stays interrupted").isTrue();

    CountDownLatch end = new CountDownLatch(1);
    Future<?> holder = hold(limited, end);
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<?> waiting =
        callers.submit(
            () -> {
              waiter.set(Thread.currentThread());
              assertThatThrownBy(() -> limited.<Integer>forward(batch(10), states -> 1))
                  .isInstanceOf(CancellationException.class)
                  .hasMessageContaining("interrupted while waiting for its turn behind 1 passes");
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    awaitWaiting(limited, 1);
    Objects.requireNonNull(waiter.get()).interrupt();
    waiting.get();
    assertThat(limited.workspaces().waiting()).isZero();
    end.countDown();
    holder.get();
    assertThat(limited.<Integer>forward(batch(10), states -> 1)).isEqualTo(1);
  }

  @Test
  void callerThatLeavesTheQueueAdmitsOthers() throws Exception {
    Encoder limited = encoder.withExecution(limits(2, 128));
    CountDownLatch end = new CountDownLatch(1);
    Future<?> holder = hold(limited, end);
    AtomicReference<Thread> waiter = new AtomicReference<>();
    Future<?> large =
        callers.submit(
            () -> {
              waiter.set(Thread.currentThread());
              assertThatThrownBy(() -> limited.<Integer>forward(batch(128), states -> 1))
                  .isInstanceOf(CancellationException.class);
            });
    awaitWaiting(limited, 1);
    Future<?> small = callers.submit(() -> limited.<Integer>forward(batch(10), states -> 1));
    awaitWaiting(limited, 2);
    Objects.requireNonNull(waiter.get()).interrupt();
    large.get();
    small.get();
    end.countDown();
    holder.get();
  }

  @Test
  void closeEndsWaitingAndLetsPassesFinish() throws Exception {
    Encoder limited = encoder.withExecution(limits(1, 4096).withOwnThreads());
    CountDownLatch end = new CountDownLatch(1);
    Future<?> holder = hold(limited, end);
    Future<?> waiting = callers.submit(() -> limited.<Integer>forward(batch(10), states -> 1));
    awaitWaiting(limited, 1);
    EncoderWorkspace own = limited.newWorkspace();
    limited.close();
    assertThatThrownBy(waiting::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    end.countDown();
    assertThat(holder.get()).isEqualTo(10);
    assertThat(limited.workspaces().idleTokens()).isZero();

    assertClosed(() -> limited.<Integer>forward(batch(10), states -> 1));
    assertClosed(() -> limited.forward(batch(10), own));
    assertClosed(limited::newWorkspace);
    limited.close();
    assertThat(encoder.<Integer>forward(batch(10), states -> 1))
        .as("the encoder that owns the weights stays open")
        .isEqualTo(1);
  }

  private static void assertClosed(Runnable call) {
    assertThatThrownBy(call::run)
        .isExactlyInstanceOf(IllegalStateException.class)
        .hasMessage("Encoder: it is closed; use it before closing it, or load the model again");
  }

  @Test
  void ownThreadsHelpAndEndWithTheEncoder() throws Exception {
    Encoder own = encoder.withExecution(limits(1, 4096).withOwnThreads());
    long before = helpers();
    for (int i = 0; i < 100 && helpers() == before; i++) {
      own.<Integer>forward(batch(2000), states -> 1);
    }
    assertThat(helpers()).isEqualTo(before + 1);
    own.close();
    for (int i = 0; i < 1000 && helpers() > before; i++) {
      Thread.sleep(10);
    }
    assertThat(helpers()).isEqualTo(before);
  }

  private static long helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("ernie4j-parallel-"))
        .count();
  }

  @Test
  void workspaceStillInUseIsNotKept() throws Exception {
    AtomicReference<Parallel> captured = new AtomicReference<>();
    WorkspacePool pool =
        new WorkspacePool(
            limits(2, 4096).withOwnThreads(),
            parallel -> {
              captured.set(parallel);
              return encoder.newWorkspace(parallel);
            });
    EncoderWorkspace kept = pool.lend(100);
    encoder.forward(batch(100), kept);
    pool.giveBack(kept);
    assertThat(pool.idleTokens()).isEqualTo(128);
    EncoderWorkspace torn = pool.lend(100);
    assertThat(torn).isSameAs(kept);

    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Future<?> computing =
        callers.submit(
            () ->
                Objects.requireNonNull(captured.get())
                    .run(
                        8,
                        1,
                        (worker, from, to) -> {
                          begun.countDown();
                          await(end);
                        }));
    await(begun);
    pool.giveBack(torn);
    assertThat(pool.idleTokens()).isZero();
    assertThat(pool.lend(100)).isNotSameAs(torn);
    end.countDown();
    computing.get();
    pool.close();
  }

  @Test
  void optionsBelowOneAreRefused() {
    ExecutionOptions options = ExecutionOptions.defaults();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withThreads(0))
        .withMessage("ExecutionOptions: threads: expected at least 1, got 0");
    assertThatIllegalArgumentException().isThrownBy(() -> options.withMaxPasses(0));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withMaxTokens(-1));
    assertThat(options.withThreads(1).passTokens()).isEqualTo(512);
    assertThat(options.withThreads(4).passTokens()).isEqualTo(1024);
    assertThat(options.withThreads(1000).passTokens()).isEqualTo(2048);
    assertThat(options.withMaxTokens(100).passTokens()).isEqualTo(100);
  }
}

package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Passes on an executor that fails now and then: every completed pass has the right bits. */
@Timeout(120)
class HostileEncoderTest {
  private static final int CALLERS = 6;

  // Not the clock, which may hit every pass at the same moment on a slow machine.
  private final Random random = new Random(17);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  /**
   * Fails in the middle of a pass, when other helpers have already begun. Fails rarely: on a slow
   * machine helpers are submitted again between any two loops of a pass, and a pass completes only
   * if all of these calls succeed.
   */
  private void hostile(Runnable task) {
    switch (random.nextInt(160)) {
      case 0 -> throw new OutOfMemoryError("unable to create a thread");
      case 1 -> throw new RejectedExecutionException("full");
      case 2 -> {
        threads.execute(task);
        throw new IllegalStateException("and yet it runs");
      }
      case 3 -> {
        threads.execute(task);
        threads.execute(task);
      }
      default -> threads.execute(task);
    }
  }

  @Test
  void neverLendsAWorkspaceThatAHelperStillWritesTo() throws Exception {
    Encoder whole = Encoder.of(SmallModel.CONFIG, SmallModel.parameters(1), Kernels.scalar());
    Executor executor = this::hostile;
    try (Encoder encoder =
        whole.withExecution(
            ExecutionOptions.defaults()
                .withExecutor(executor)
                .withThreads(4)
                .withMaxPasses(CALLERS - 2))) {
      AtomicInteger done = new AtomicInteger();
      AtomicInteger failed = new AtomicInteger();
      List<Future<?>> tasks = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        RaggedBatch batch = batch(caller);
        EncoderWorkspace own = whole.newWorkspace();
        whole.forward(batch, own);
        float[] expected = hidden(own);
        tasks.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 60; i++) {
                    try {
                      float[] actual = encoder.forward(batch, HostileEncoderTest::hidden);
                      assertThat(actual).isEqualTo(expected);
                      done.incrementAndGet();
                    } catch (IllegalStateException | OutOfMemoryError e) {
                      failed.incrementAndGet();
                    }
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
      assertThat(done.get()).as("completed passes").isPositive();
      assertThat(failed.get()).as("failed passes").isPositive();
      assertThat(encoder.workspaces().waiting()).isZero();
    }
  }

  private static RaggedBatch batch(int seed) {
    Random random = new Random(seed);
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sequences.add(random.ints(20 + random.nextInt(20), 1, 50).toArray());
    }
    return RaggedBatch.of(sequences);
  }

  private static float[] hidden(EncoderWorkspace states) {
    return Arrays.copyOf(states.hidden(), states.batch().tokens() * states.hiddenSize());
  }
}

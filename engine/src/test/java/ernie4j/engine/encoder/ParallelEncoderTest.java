package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass shared among threads gives the bits of one thread. */
class ParallelEncoderTest {
  private final Random random = new Random(17);

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  private static Encoder encoder(Kernels kernels) {
    return Encoder.of(SmallModel.CONFIG, SmallModel.parameters(1), kernels);
  }

  private RaggedBatch batch(int sequences) {
    List<int[]> ids = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      int length = 1 + random.nextInt(SmallModel.CONFIG.maxPositions());
      ids.add(random.ints(length, 1, 50).toArray());
    }
    return RaggedBatch.of(ids);
  }

  private static float[] hidden(Encoder encoder, EncoderWorkspace workspace, RaggedBatch batch) {
    encoder.forward(batch, workspace);
    return Arrays.copyOf(workspace.hidden(), batch.tokens() * workspace.hiddenSize());
  }

  private static float[] lent(Encoder encoder, RaggedBatch batch) {
    return encoder.forward(batch, w -> Arrays.copyOf(w.hidden(), batch.tokens() * w.hiddenSize()));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void anyNumberOfThreadsGivesTheSameBits(Kernels kernels) {
    Encoder encoder = encoder(kernels);
    EncoderWorkspace alone = encoder.newWorkspace();
    for (int threads : new int[] {2, 3, 5}) {
      try (Parallel parallel = Parallel.of(threads)) {
        EncoderWorkspace shared = encoder.newWorkspace(parallel);
        for (int sequences : new int[] {1, 2, 9, 40, 3}) {
          RaggedBatch batch = batch(sequences);
          assertThat(hidden(encoder, shared, batch)).isEqualTo(hidden(encoder, alone, batch));
        }
      }
    }
  }

  @Test
  void busyOrRefusingExecutorDoesNotBlockTheCaller() {
    Encoder encoder = encoder(Kernels.best());
    RaggedBatch batch = batch(20);
    float[] expected = hidden(encoder, encoder.newWorkspace(), batch);
    List<Runnable> neverRun = new ArrayList<>();

    Parallel waiting = Parallel.on(neverRun::add, 4);
    assertThat(hidden(encoder, encoder.newWorkspace(waiting), batch)).isEqualTo(expected);
    assertThat(neverRun).hasSize(3);

    Parallel refused =
        Parallel.on(
            task -> {
              throw new RejectedExecutionException("full");
            },
            4);
    assertThat(hidden(encoder, encoder.newWorkspace(refused), batch)).isEqualTo(expected);
    // Tasks that start late find nothing to do and end.
    neverRun.forEach(Runnable::run);
  }

  @Test
  void concurrentCallersGetTheirOwnWorkspaces() throws Exception {
    Encoder encoder = encoder(Kernels.best());
    List<RaggedBatch> batches = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      batches.add(batch(1 + i % 7));
      expected.add(hidden(encoder, encoder.newWorkspace(), batches.get(i)));
    }
    ExecutorService callers = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int caller = 0; caller < 6; caller++) {
        tasks.add(
            callers.submit(
                () -> {
                  for (int i = 0; i < batches.size(); i++) {
                    assertThat(lent(encoder, batches.get(i))).isEqualTo(expected.get(i));
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      callers.shutdownNow();
    }
  }
}

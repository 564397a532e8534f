package ernie4j.engine.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import ernie4j.engine.kernels.warmup.Candidate;
import ernie4j.engine.kernels.warmup.KernelWarmUp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Kernels that switch to vectors while many threads compute. Needs the incubator module. */
class HandOverTest {
  private static final int M = 13;
  private static final int K = 40;
  private static final int N = 150;

  private final float[] a = random(M * K);
  private final float[] b = random(K * N);
  private final float[] bias = random(N);
  private final float[] expected = compute(Kernels.scalar());

  private static float[] random(int n) {
    Random random = new Random(n);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private float[] compute(Kernels kernels) {
    PackedMatrix packed = kernels.newPackedMatrix(K, N);
    kernels.pack(b, 0, N, false, packed, 0, N);
    float[] c = new float[M * N];
    kernels.gemm(M, a, 0, K, packed, bias, Epilogue.GELU, c, 0, N);
    kernels.softmax(M, N, c, 0, N);
    float[] context = new float[M * 50];
    float[] scratch = new float[kernels.attentionScratch(M, 25)];
    kernels.attention(M, 2, 25, 0.2f, c, 0, 50, 100, N, null, 0, context, 0, 50, scratch);
    return context;
  }

  @Test
  void everyCallerGetsTheSameBitsBeforeDuringAndAfter() throws Exception {
    TileTable tiles = new TileTable(true);
    KernelTable table = VectorProvider.table(tiles, SameBitsTest.plain(), true);
    // A part of them is enough to see entries change.
    List<Candidate<?>> candidates = VectorProvider.candidates(tiles, table).subList(0, 7);
    Kernels kernels = Kernels.of(table);
    assertThat(compute(kernels)).isEqualTo(expected);

    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        results.add(callers.submit(() -> wrongResults(kernels, candidates)));
      }
      Thread thread = KernelWarmUp.start(() -> candidates);
      for (Future<Integer> wrong : results) {
        assertThat(wrong.get()).isZero();
      }
      thread.join();
    } finally {
      callers.shutdownNow();
    }
    assertThat(candidates).allMatch(HandOverTest::isReady);
    assertThat(compute(kernels)).isEqualTo(expected);
  }

  /** Computes until the hand-over and a little longer. */
  private int wrongResults(Kernels kernels, List<Candidate<?>> candidates) {
    int wrong = 0;
    for (int after = 0; after < 20; ) {
      wrong += Arrays.equals(compute(kernels), expected) ? 0 : 1;
      after += candidates.stream().allMatch(HandOverTest::isReady) ? 1 : 0;
    }
    return wrong;
  }

  private static boolean isReady(Candidate<?> candidate) {
    return candidate.entry().state() == KernelEntry.State.READY;
  }

  /** Below other kernels, nothing is compiled before stand-ins have done enough work. */
  @Test
  void warmUpBeginsWhenItIsNeeded() throws Exception {
    KernelTable table = new VectorProvider().startWhenNeeded(SameBitsTest::plain);
    Kernels kernels = Kernels.of(table);
    assertThat(compute(kernels)).isEqualTo(expected);
    assertThat(table.softmax().state()).isEqualTo(KernelEntry.State.IDLE);
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();

    float[] x = random(1000);
    while (table.tanh().state() == KernelEntry.State.IDLE) {
      kernels.tanh(1000, x, 0, x, 0);
    }
    assertThat(table.entries()).noneMatch(entry -> entry.state() == KernelEntry.State.IDLE);
    // A busy machine may compile a function late; until then, plain Java computes.
    long limit = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!kernels.awaitHandOver(Duration.ofSeconds(1)) && System.nanoTime() < limit) {
      assertThat(compute(kernels)).isEqualTo(expected);
    }
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
    assertThat(compute(kernels)).isEqualTo(expected);
  }

  @Test
  void bestKernelsComputeAtOnceUnderTheirFinalName() {
    Kernels kernels = Kernels.best();
    assertThat(kernels.name()).isEqualTo(Kernels.vector().name());
    assertThat(compute(kernels)).isEqualTo(expected);
  }
}

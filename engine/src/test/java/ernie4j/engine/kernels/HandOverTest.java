package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Kernels that go over to vectors while many threads compute. Needs the incubator module. */
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
    kernels.gemmGelu(M, a, 0, K, packed, bias, c, 0, N);
    kernels.softmax(M, N, c, 0, N);
    float[] context = new float[M * 50];
    float[] scratch = new float[kernels.attentionScratch(M, 25)];
    kernels.attention(M, 2, 25, 0.2f, c, 0, 50, 100, N, null, 0, context, 0, 50, scratch);
    return context;
  }

  @Test
  void everyCallerGetsTheSameBitsBeforeDuringAndAfter() throws Exception {
    TileSwitch tiles = new TileSwitch();
    WarmingKernels standIn =
        new WarmingKernels(new ScalarKernels(), new VectorKernels(tiles::panel));
    HandOver progress = new HandOver();
    CheckedKernels kernels = new CheckedKernels(new VectorKernels(), standIn, progress);
    // The first units are tiles of full panels and GELU: enough to see parts change.
    List<VectorWarmUp.Unit> units = WarmUpUnits.all(tiles, standIn).subList(0, 5);
    VectorWarmUp warmUp = new VectorWarmUp(kernels, progress, Optional::empty, () -> units, 60_000);
    assertThat(compute(kernels)).isEqualTo(expected);

    ExecutorService callers = Executors.newFixedThreadPool(4);
    try {
      List<Future<Integer>> results = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        results.add(callers.submit(() -> wrongResults(kernels)));
      }
      Thread thread = warmUp.start();
      for (Future<Integer> wrong : results) {
        assertThat(wrong.get()).isZero();
      }
      thread.join();
    } finally {
      callers.shutdownNow();
    }
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
    assertThat(compute(kernels)).isEqualTo(expected);
  }

  /** Computes until the hand-over and a little longer. */
  private int wrongResults(Kernels kernels) {
    int wrong = 0;
    for (int after = 0; after < 20; ) {
      wrong += Arrays.equals(compute(kernels), expected) ? 0 : 1;
      after += kernels.awaitHandOver(Duration.ofMillis(1)) ? 1 : 0;
    }
    return wrong;
  }

  @Test
  void bestKernelsComputeAtOnceUnderTheirFinalName() {
    Kernels kernels = KernelSelection.choose("auto");
    assertThat(kernels.name()).isEqualTo(Kernels.vector().name());
    assertThat(compute(kernels)).isEqualTo(expected);
  }
}

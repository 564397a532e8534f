package ernie4j.engine.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PerThreadTest {
  private final PerThread<int[]> scratch = new PerThread<>(() -> new int[1]);

  @Test
  void everyThreadHasItsOwnValue() throws Exception {
    int[] mine = scratch.get();
    assertThat(scratch.get()).isSameAs(mine);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      assertThat(CompletableFuture.supplyAsync(scratch::get, other).get()).isNotSameAs(mine);
    } finally {
      other.shutdown();
    }
  }

  @Test
  void threadDoesNotKeepItsValueAlive() throws InterruptedException {
    WeakReference<int[]> value = new WeakReference<>(scratch.get());
    for (int i = 0; i < 100 && value.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(value.get()).isNull();
    assertThat(scratch.get()).hasSize(1);
  }
}

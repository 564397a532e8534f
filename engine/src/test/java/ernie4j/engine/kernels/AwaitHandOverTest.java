package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.KernelEntry.State;
import ernie4j.engine.kernels.KernelTable.Elementwise;
import ernie4j.engine.kernels.scalar.ScalarProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which hand-overs are waited for, and for how long. */
class AwaitHandOverTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final KernelTable plain =
      new ScalarProvider()
          .table(
              () -> {
                throw new AssertionError("nothing is below the plain-Java kernels");
              });
  private final KernelEntry<Elementwise> tanh =
      KernelEntry.warming("tanh", plain.tanh().function(), (n, x, from, y, to) -> {});
  private final KernelEntry<KernelTable.Dropout> dropout =
      KernelEntry.warming(
          "dropout",
          plain.dropout().function(),
          (n, x, from, y, to, probability, key, index) -> {});
  private final Kernels kernels = Kernels.of(table());

  /** The plain kernels, two of which wait to be handed over. */
  private KernelTable table() {
    return new KernelTable(
        "warming",
        plain.matrices(),
        plain.product(),
        plain.int8Product(),
        plain.attention(),
        plain.softmax(),
        plain.layerNorm(),
        plain.layerNormBackward(),
        plain.gelu(),
        plain.geluBackward(),
        tanh,
        dropout,
        plain.columnSums(),
        plain.transpose(),
        List.of());
  }

  @Test
  void waitsForAKernelOfInference() {
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isFalse();
    assertThat(kernels.awaitHandOver(Duration.ofMillis(20))).isFalse();
    tanh.handOver();
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  @Test
  void waitsForAKernelOfTrainingOnceItWasCalled() {
    tanh.handOver();
    kernels.dropout(1, new float[1], 0, new float[1], 0, 0.5f, 1, 0);
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isFalse();
    dropout.handOver();
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  @Test
  void doesNotWaitForALateOrRefusedKernel() {
    long start = System.nanoTime();
    tanh.late();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    tanh.refuse();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
  }

  @Test
  void doesNotWaitForAnIdleKernelUntilItHasEnoughWork() {
    AtomicInteger begun = new AtomicInteger();
    tanh.idle(
        () -> {
          begun.incrementAndGet();
          tanh.begin();
        });
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
    int n = 1000;
    long calls = KernelEntry.ENOUGH_WORK / (10L * n) - 1; // tanh counts ten for each value
    for (long i = 0; i < calls; i++) {
      kernels.tanh(n, new float[n], 0, new float[n], 0);
    }
    assertThat(begun).hasValue(0);
    assertThat(tanh.state()).isEqualTo(State.IDLE);
    kernels.tanh(n, new float[n], 0, new float[n], 0);
    kernels.tanh(n, new float[n], 0, new float[n], 0);
    assertThat(begun).hasValue(1);
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isFalse();
    tanh.handOver();
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  /** Only what is warming can be idle: a kernel that is ready stays so. */
  @Test
  void readyKernelsAreNeverIdle() {
    tanh.handOver();
    tanh.idle(() -> {});
    assertThat(tanh.state()).isEqualTo(State.READY);
  }

  @Test
  void interruptedThreadStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}

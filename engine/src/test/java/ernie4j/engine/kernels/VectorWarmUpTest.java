package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of the warm-up, on units that only pretend. */
class VectorWarmUpTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MANY = 30_000;

  private final CheckedKernels kernels =
      new CheckedKernels(new ScalarKernels(), new ScalarKernels());
  private final List<String> handedOver = new ArrayList<>();

  /** Work that is slow until it has been called so many times. */
  private final class Pretender implements VectorWarmUp.Unit {
    private final String name;
    private final long waiting;
    private final int slowCalls;
    private int calls;

    Pretender(String name, long waiting, int slowCalls) {
      this.name = name;
      this.waiting = waiting;
      this.slowCalls = slowCalls;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long waiting() {
      return waiting;
    }

    @Override
    public void empty() {
      calls++;
    }

    @Override
    public int emptyCalls() {
      return 500;
    }

    @Override
    public void vector() {
      work(calls < slowCalls ? 1000 : 10);
    }

    @Override
    public void plain() {
      work(100);
    }

    private void work(int microseconds) {
      long end = System.nanoTime() + 1000L * microseconds;
      while (System.nanoTime() < end) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void handOver() {
      handedOver.add(name);
    }
  }

  private void run(int mostPauses, Optional<String> refusal, VectorWarmUp.Unit... units) {
    new VectorWarmUp(kernels, () -> refusal, () -> List.of(units), mostPauses).run();
  }

  @Test
  void whatIsWaitedForMostComesFirstAndThenTheOrderOfTheList() {
    run(
        MANY,
        Optional.empty(),
        new Pretender("a", 0, 0),
        new Pretender("b", 10, 9000),
        new Pretender("c", 0, 0),
        new Pretender("d", 20, 0));
    assertThat(handedOver).containsExactly("d", "b", "a", "c");
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  @Test
  void aUnitThatNeverGetsFastStaysPlainAndTheOthersGoOn() {
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isFalse();
    run(
        20,
        Optional.empty(),
        new Pretender("slow", 1, Integer.MAX_VALUE),
        new Pretender("fast", 0, 0));
    assertThat(handedOver).containsExactly("fast");
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    kernels.tanh(1, new float[] {1f}, 0, new float[1], 0);
  }

  @Test
  void wrongResultsEndTheWarmUpBeforeItBegins() {
    run(MANY, Optional.of("The vector kernels are wrong."), new Pretender("a", 0, 0));
    assertThat(handedOver).isEmpty();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
  }

  @Test
  void whoeverIsInterruptedWhileWaitingStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}

package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of the warm-up, on units that only pretend. */
class VectorWarmUpTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MANY = 30_000;

  private final HandOver progress = new HandOver();
  private final CheckedKernels kernels =
      new CheckedKernels(new ScalarKernels(), new ScalarKernels(), progress);

  /** Calls after which a unit is fast that never is; so slow that no other process hides it. */
  private static final int NEVER = Integer.MAX_VALUE;

  private final List<String> handedOver = Collections.synchronizedList(new ArrayList<>());

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
    public boolean needed() {
      return waiting > 0;
    }

    @Override
    public void begin() {
      calls += 6000;
    }

    @Override
    public void again() {
      calls += 100;
    }

    @Override
    public void vector() {
      work(calls >= slowCalls ? 10 : slowCalls == NEVER ? 20_000 : 1000);
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

  private VectorWarmUp warmUp(int mostPauses, VectorWarmUp.Unit... units) {
    return new VectorWarmUp(kernels, progress, Optional::empty, () -> List.of(units), mostPauses);
  }

  @Test
  void whatIsWaitedForMostComesFirstAndThenTheOrderOfTheList() {
    warmUp(
            MANY,
            new Pretender("a", 0, 0),
            new Pretender("b", 10, 9000),
            new Pretender("c", 0, 0),
            new Pretender("d", 20, 0))
        .run();
    assertThat(handedOver).containsExactly("d", "b", "a", "c");
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  @Test
  void aUnitThatNeverGetsFastKeepsNeitherTheOthersNorACaller() throws InterruptedException {
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isFalse();
    Thread thread = warmUp(5, new Pretender("slow", 1, NEVER), new Pretender("fast", 0, 0)).start();
    long start = System.nanoTime();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
    while (handedOver.isEmpty()) {
      Thread.sleep(1);
    }
    assertThat(handedOver).containsExactly("fast");
    assertThat(thread.isAlive()).isTrue();
    kernels.tanh(1, new float[] {1f}, 0, new float[1], 0);
    thread.interrupt();
    thread.join();
    assertThat(kernels.awaitHandOver(LONG)).isFalse();
  }

  @Test
  void nobodyWaitsForASlowUnitThatNobodyNeeds() throws InterruptedException {
    Thread thread =
        warmUp(MANY, new Pretender("needed", 1, 7000), new Pretender("slow", 0, NEVER)).start();
    assertThat(kernels.awaitHandOver(LONG)).isTrue();
    assertThat(handedOver).containsExactly("needed");
    thread.interrupt();
    thread.join();
  }

  @Test
  void aUnitThatIsSlowAtFirstIsHandedOverInTheEnd() {
    // 20 pauses bring it to 8000 calls, the first rest and what follows to 10 000.
    warmUp(20, new Pretender("late", 1, 10_000), new Pretender("fast", 0, 0)).run();
    assertThat(handedOver).containsExactly("fast", "late");
    assertThat(kernels.awaitHandOver(Duration.ZERO)).isTrue();
  }

  @Test
  void wrongResultsEndTheWarmUpBeforeItBegins() {
    new VectorWarmUp(
            kernels,
            progress,
            () -> Optional.of("The vector kernels are wrong."),
            () -> List.of(new Pretender("a", 0, 0)),
            MANY)
        .run();
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

package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyIterationRunsOnceInPartsThatStartAtMultiplesOfTheGrain(int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      for (int round = 0; round < 2000; round++) {
        int count = 1 + round % 97;
        int grain = 1 + round % 5;
        AtomicIntegerArray runs = new AtomicIntegerArray(count);
        parallel.run(
            count,
            grain,
            (worker, from, to) -> {
              assertThat(worker).isBetween(0, threads - 1);
              assertThat(from % grain).isZero();
              for (int i = from; i < to; i++) {
                runs.incrementAndGet(i);
              }
            });
        for (int i = 0; i < count; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
        if (round % 100 == 0) {
          parallel.rest();
        }
      }
    }
  }

  @Test
  void twoPartsNeverShareAWorkerAtTheSameTime() {
    Parallel parallel = Parallel.on(ForkJoinPool.commonPool(), 4);
    for (int round = 0; round < 500; round++) {
      AtomicIntegerArray busy = new AtomicIntegerArray(4);
      parallel.run(
          64,
          1,
          (worker, from, to) -> {
            assertThat(busy.incrementAndGet(worker)).isEqualTo(1);
            Thread.onSpinWait();
            busy.decrementAndGet(worker);
          });
    }
  }

  @Test
  void anExceptionOfAnyPartReachesTheCallerAndTheNextLoopRuns() {
    try (Parallel parallel = Parallel.of(3)) {
      for (int failing = 0; failing < 12; failing++) {
        int bad = failing;
        assertThatThrownBy(
                () ->
                    parallel.run(
                        12,
                        1,
                        (worker, from, to) -> {
                          if (from <= bad && bad < to) {
                            throw new IllegalStateException("part " + bad);
                          }
                        }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("part " + bad);
      }
      AtomicIntegerArray runs = new AtomicIntegerArray(12);
      parallel.run(12, 1, (worker, from, to) -> runs.addAndGet(from, to - from));
      assertThat(runs.length()).isEqualTo(12);
    }
  }

  @Test
  void fewerThanOneThreadIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parallel.of(0))
        .withMessage("Parallel: expected at least 1 thread, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Parallel.on(ForkJoinPool.commonPool(), -1));
  }
}

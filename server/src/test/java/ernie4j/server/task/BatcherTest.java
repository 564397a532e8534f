package ernie4j.server.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.TinyModels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private static final Parameters OTHER = new Parameters(false, null, 0.25, 1);

  /** Only a pipeline can create an attempt; mapping this one gives attempts with any result. */
  private static final Attempt<JointSlu.Result> SUCCESS =
      JointSlu.of(TinyModels.joint()).tryParse(List.of("天地")).get(0);

  private static Limits limits(int waiting, int batch, Duration wait) {
    return new Limits(1000, 1 << 20, waiting, batch, wait);
  }

  private static List<Input> inputs(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> new Input(name + i, null)).toList();
  }

  private static List<Attempt<String>> echo(List<Input> inputs, Parameters parameters) {
    return inputs.stream()
        .map(input -> SUCCESS.map(r -> input.text() + parameters.threshold()))
        .toList();
  }

  /** Computes a batch for every permit, and records the batches. */
  private static final class Gate
      implements BiFunction<List<Input>, Parameters, List<Attempt<String>>> {
    final Semaphore permits = new Semaphore(0);
    final CountDownLatch entered = new CountDownLatch(1);
    final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());

    @Override
    public List<Attempt<String>> apply(List<Input> inputs, Parameters parameters) {
      batches.add(inputs.stream().map(Input::text).toList());
      entered.countDown();
      permits.acquireUninterruptibly();
      return echo(inputs, parameters);
    }
  }

  @Property(tries = 30)
  void everyRequestGetsItsOwnResultsInOrder(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 70) Integer> sizes,
      @ForAll @IntRange(min = 1, max = 50) int batch,
      @ForAll @IntRange(min = 1, max = 4) int threads,
      @ForAll @IntRange(min = 0, max = 300) int waitMicros)
      throws Exception {
    Limits limits = limits(10_000, batch, Duration.ofNanos(1000L * waitMicros));
    List<Integer> computed = Collections.synchronizedList(new ArrayList<>());
    try (Batcher<String> batcher =
        new Batcher<>("test", threads, limits, BatcherTest::echo, computed::add)) {
      List<CompletableFuture<List<Attempt<String>>>> futures = new ArrayList<>();
      for (int r = 0; r < sizes.size(); r++) {
        Parameters parameters = r % 3 == 2 ? OTHER : Parameters.TEXTS;
        futures.add(batcher.submit(inputs(r + "-", sizes.get(r)), parameters));
      }
      for (int r = 0; r < sizes.size(); r++) {
        String threshold = r % 3 == 2 ? "0.25" : "null";
        int request = r;
        assertThat(futures.get(r).get(10, TimeUnit.SECONDS))
            .extracting(Attempt::result)
            .containsExactlyElementsOf(
                IntStream.range(0, sizes.get(r))
                    .mapToObj(i -> request + "-" + i + threshold)
                    .toList());
      }
      assertThat(batcher.waitingTexts()).isZero();
    }
    assertThat(computed).allMatch(texts -> texts <= batch);
    assertThat(computed.stream().mapToInt(i -> i).sum())
        .isEqualTo(sizes.stream().mapToInt(i -> i).sum());
  }

  @Test
  void textsThatArriveDuringABatchAreComputedTogether() throws Exception {
    Gate gate = new Gate();
    try (Batcher<String> batcher =
        new Batcher<>("test", 1, limits(100, 8, Duration.ZERO), gate, size -> {})) {
      CompletableFuture<?> first = batcher.submit(inputs("first", 1), Parameters.TEXTS);
      gate.entered.await();
      List<CompletableFuture<List<Attempt<String>>>> others = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        others.add(batcher.submit(inputs("r" + i + "-", 2), Parameters.TEXTS));
      }
      gate.permits.release(2);
      first.get(10, TimeUnit.SECONDS);
      for (CompletableFuture<?> other : others) {
        other.get(10, TimeUnit.SECONDS);
      }
    }
    assertThat(gate.batches)
        .containsExactly(
            List.of("first0"), List.of("r0-0", "r0-1", "r1-0", "r1-1", "r2-0", "r2-1"));
  }

  @Test
  void largeRequestsDoNotDelaySmallOnes() throws Exception {
    Gate gate = new Gate();
    try (Batcher<String> batcher =
        new Batcher<>("test", 1, limits(1000, 4, Duration.ZERO), gate, size -> {})) {
      CompletableFuture<?> large = batcher.submit(inputs("large", 40), Parameters.TEXTS);
      gate.entered.await();
      CompletableFuture<?> small = batcher.submit(inputs("small", 1), Parameters.TEXTS);
      gate.permits.release(3);
      small.get(10, TimeUnit.SECONDS);
      assertThat(large).isNotDone();
      gate.permits.release(100);
      large.get(10, TimeUnit.SECONDS);
    }
    assertThat(gate.batches.subList(0, 3)).anyMatch(batch -> batch.contains("small0"));
  }

  @Test
  void differentParametersAreNotComputedTogether() throws Exception {
    Gate gate = new Gate();
    try (Batcher<String> batcher =
        new Batcher<>("test", 1, limits(100, 8, Duration.ZERO), gate, size -> {})) {
      CompletableFuture<?> first = batcher.submit(inputs("first", 1), Parameters.TEXTS);
      gate.entered.await();
      CompletableFuture<?> a = batcher.submit(inputs("a", 1), Parameters.TEXTS);
      CompletableFuture<?> other = batcher.submit(inputs("b", 1), OTHER);
      CompletableFuture<?> c = batcher.submit(inputs("c", 1), Parameters.TEXTS);
      gate.permits.release(10);
      CompletableFuture.allOf(first, a, other, c).get(10, TimeUnit.SECONDS);
    }
    assertThat(gate.batches).containsExactly(List.of("first0"), List.of("a0", "c0"), List.of("b0"));
  }

  @Test
  void refusesWholeRequestsIfTooManyTextsWait() throws Exception {
    Gate gate = new Gate();
    try (Batcher<String> batcher =
        new Batcher<>("test", 1, limits(5, 8, Duration.ZERO), gate, size -> {})) {
      CompletableFuture<?> first = batcher.submit(inputs("first", 1), Parameters.TEXTS);
      gate.entered.await();
      CompletableFuture<?> waiting = batcher.submit(inputs("waiting", 4), Parameters.TEXTS);
      RequestException refusal =
          catchThrowableOfType(
              RequestException.class, () -> batcher.submit(inputs("more", 2), Parameters.TEXTS));
      assertThat(refusal.status()).isEqualTo(429);
      assertThat(refusal).hasMessageContaining("4 texts wait").hasMessageContaining("limit is 5");
      assertThat(batcher.waitingTexts()).isEqualTo(4);
      CompletableFuture<?> fits = batcher.submit(inputs("fits", 1), Parameters.TEXTS);
      gate.permits.release(100);
      CompletableFuture.allOf(first, waiting).get(10, TimeUnit.SECONDS);
      fits.get(10, TimeUnit.SECONDS);
      // A request above the limit is accepted if no text waits.
      batcher.submit(inputs("large", 9), Parameters.TEXTS).get(10, TimeUnit.SECONDS);
    }
    assertThat(gate.batches).noneMatch(batch -> batch.contains("more0"));
  }

  @Test
  void aFailureReachesAllRequestsOfTheBatchAndNoOther() throws Exception {
    BiFunction<List<Input>, Parameters, List<Attempt<String>>> failing =
        (inputs, parameters) -> {
          if (parameters.equals(OTHER)) {
            throw new OutOfMemoryError("of a test");
          }
          return echo(inputs, parameters);
        };
    try (Batcher<String> batcher =
        new Batcher<>("test", 1, limits(100, 8, Duration.ZERO), failing, size -> {})) {
      CompletableFuture<?> failed = batcher.submit(inputs("a", 20), OTHER);
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> failed.get(10, TimeUnit.SECONDS))
          .withCauseInstanceOf(OutOfMemoryError.class);
      assertThat(batcher.submit(inputs("b", 20), Parameters.TEXTS).get(10, TimeUnit.SECONDS))
          .hasSize(20);
      assertThat(batcher.waitingTexts()).isZero();
    }
  }

  @Test
  void closeAnswersWaitingRequestsAndRefusesMore() throws Exception {
    Gate gate = new Gate();
    Batcher<String> batcher =
        new Batcher<>("test", 2, limits(100, 2, Duration.ZERO), gate, size -> {});
    CompletableFuture<?> waiting = batcher.submit(inputs("a", 9), Parameters.TEXTS);
    gate.entered.await();
    batcher.close();
    RequestException refusal =
        catchThrowableOfType(
            RequestException.class, () -> batcher.submit(inputs("b", 1), Parameters.TEXTS));
    assertThat(refusal.status()).isEqualTo(429);
    gate.permits.release(100);
    waiting.get(10, TimeUnit.SECONDS);
  }
}

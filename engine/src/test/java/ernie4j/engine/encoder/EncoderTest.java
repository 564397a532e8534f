package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Kernels;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderTest {
  private static final EncoderConfig CONFIG = SmallModel.CONFIG;

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  private static Encoder encoder(Kernels kernels) {
    return Encoder.of(CONFIG, SmallModel.parameters(1), kernels);
  }

  private static int[] sequence(Random random) {
    return random.ints(1 + random.nextInt(CONFIG.maxPositions()), 1, 50).toArray();
  }

  private static float[] hidden(Encoder encoder, EncoderWorkspace workspace, int... ids) {
    encoder.forward(RaggedBatch.of(ids), workspace);
    return Arrays.copyOf(workspace.hidden(), ids.length * workspace.hiddenSize());
  }

  @Test
  void bothProvidersAgree() {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      int[] ids = sequence(random);
      Encoder scalar = encoder(Kernels.scalar());
      float[] expected = hidden(scalar, scalar.newWorkspace(), ids);
      for (Kernels kernels : kernels()) {
        Encoder other = encoder(kernels);
        float[] actual = hidden(other, other.newWorkspace(), ids);
        for (int j = 0; j < expected.length; j++) {
          assertThat(Math.abs(actual[j] - expected[j])).isLessThan(2e-5f);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sameBitsBeforeAndAfterCompilation(Kernels kernels) {
    Encoder encoder = encoder(kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    int[] ids = new Random(5).ints(33, 1, 50).toArray();
    float[] first = hidden(encoder, workspace, ids);
    // Enough calls for C1 and C2 to compile every loop; a change at any stage would show.
    for (int i = 0; i < 3000; i++) {
      if (i % 100 == 0) {
        assertThat(hidden(encoder, workspace, ids)).isEqualTo(first);
      } else {
        encoder.forward(RaggedBatch.of(ids), workspace);
      }
    }
    assertThat(hidden(encoder, workspace, ids)).isEqualTo(first);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void warmForwardAllocatesNothing(Kernels kernels) {
    // C2 of JDK 17 leaves vectors as objects in some compilations of a kernel; JDK 25 does not.
    assumeTrue(
        kernels.name().startsWith("scalar") || Runtime.version().feature() >= 25,
        "skipped: the vector kernels allocate nothing only from JDK 25 on");
    Encoder encoder = encoder(kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    RaggedBatch batch = RaggedBatch.of(new Random(7).ints(16, 1, 50).toArray());
    Runnable own = () -> encoder.forward(batch, workspace);
    assertThat(leastAllocated(own)).as("bytes allocated by 200 forward passes").isZero();
    Runnable lent = () -> encoder.<EncoderWorkspace>forward(batch, states -> states);
    assertThat(leastAllocated(lent)).as("bytes allocated by 200 lent passes").isZero();
  }

  private static long leastAllocated(Runnable pass) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    // Vectors are objects until C2 has compiled the kernels, which may be delayed by what other
    // tests have put into its queue. After that, nothing may be allocated.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (least > 0 && System.nanoTime() < end) {
      long before = threads.getThreadAllocatedBytes(thread);
      long between = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 200; i++) {
        pass.run();
      }
      long after = threads.getThreadAllocatedBytes(thread);
      // The measurement itself allocates a little on some JDKs.
      least = Math.min(least, Math.max(0, after - between - (between - before)));
    }
    return least;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void manyThreadsShareOneEncoder(Kernels kernels) throws Exception {
    Encoder encoder = encoder(kernels);
    Random random = new Random(11);
    List<int[]> inputs = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    EncoderWorkspace alone = encoder.newWorkspace();
    for (int i = 0; i < 40; i++) {
      inputs.add(sequence(random));
      expected.add(hidden(encoder, alone, inputs.get(i)));
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        tasks.add(
            pool.submit(
                () -> {
                  EncoderWorkspace own = encoder.newWorkspace();
                  for (int i = 0; i < inputs.size(); i++) {
                    assertThat(hidden(encoder, own, inputs.get(i))).isEqualTo(expected.get(i));
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void idsAndLengthsOutsideTheModelAreRefusedWithTheirPlace() {
    Encoder encoder = encoder(Kernels.best());
    EncoderWorkspace workspace = encoder.newWorkspace();
    RaggedBatch first = RaggedBatch.of(new int[] {1, 2});
    encoder.forward(first, workspace);
    assertRefused(
        encoder,
        workspace,
        RaggedBatch.of(new int[] {1, 2}, new int[] {1, 50}),
        "token id 50 at index 1 of sequence 1 is outside [0, 50)");
    assertRefused(encoder, workspace, RaggedBatch.of(new int[] {-1}), "token id -1");
    assertRefused(
        encoder, workspace, RaggedBatch.of(new int[41]), "has 41 tokens, the model has 40");
    assertRefused(
        encoder, workspace, first.withTypeIds(List.of(new int[] {0, 4})), "token type id 4");
    assertRefused(
        encoder, workspace, first.withPositionIds(List.of(new int[] {0, -2})), "position id -2");
    assertThat(workspace.batch()).as("a refused batch changes nothing").isSameAs(first);
  }

  private static void assertRefused(
      Encoder encoder, EncoderWorkspace workspace, RaggedBatch batch, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.forward(batch, workspace))
        .withMessageContaining(message);
  }

  @Test
  void aParameterThatIsMissingOrHasTheWrongShapeIsNamed() {
    ParameterStore missing = SmallModel.parameters(1);
    missing.remove(LayerPart.CONTRACT.bias(1));
    assertThatThrownBy(() -> Encoder.of(CONFIG, missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ernie.encoder.layers.1.linear2.bias");
    ParameterStore wrong = SmallModel.parameters(1);
    wrong.replace(LayerPart.OUTPUT.weight(2), Tensor.zeros(26, 25));
    assertThatThrownBy(() -> Encoder.of(CONFIG, wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "layers.2.self_attn.out_proj.weight': expected shape [26, 26], got [26, 25]");
  }

  @Test
  void workspaceWithoutAForwardPassNamesTheMethodToCall() {
    assertThatThrownBy(() -> encoder(Kernels.best()).newWorkspace().batch())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call Encoder.forward first");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void warmUpSucceedsOnlyIfItHasTime(Kernels kernels) {
    Encoder encoder = encoder(kernels);
    assertThat(encoder.warmUp(Duration.ofSeconds(60))).isTrue();
    assertThat(encoder.warmUp(Duration.ZERO)).isFalse();
  }

  /** Masking adds the same finite number to all keys, which leaves their softmax unchanged. */
  @ParameterizedTest
  @MethodSource("kernels")
  void fullyMaskedSequenceEqualsAnUnmaskedOne(Kernels kernels) {
    Encoder encoder = encoder(kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    int[] ids = {7, 8, 9};
    float[] seen = hidden(encoder, workspace, ids);
    RaggedBatch masked =
        RaggedBatch.of(new int[] {5, 6}, ids)
            .withAttentionMask(List.of(new int[] {1, 1}, new int[3]));
    encoder.forward(masked, workspace);
    int width = workspace.hiddenSize();
    for (int i = 0; i < seen.length; i++) {
      assertThat(workspace.hidden()[2 * width + i])
          .isCloseTo(seen[i], org.assertj.core.api.Assertions.within(1e-3f));
    }
  }
}

package ernie4j.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxRuntimePaddedTest {
  private static RaggedBatch lengths(int... lengths) {
    return RaggedBatch.of(
        IntStream.of(lengths).mapToObj(l -> RandomTokens.sequence(l, 50, l)).toList());
  }

  /** Heads of 32 take ONNX Runtime's Attention, heads of 12 its MultiHeadAttention. */
  @ParameterizedTest
  @CsvSource({"64, 2", "24, 2"})
  void everyPlanGivesOurHiddenStatesAtRealTokens(int hidden, int heads) {
    BenchmarkModel model =
        BenchmarkModel.joint(EncoderConfig.ernie(50, hidden, 2, heads, 2 * hidden, 12));
    RaggedBatch batch = lengths(7, 2, 12, 3, 3);
    try (EncoderUnderTest ours = EncoderEngine.ERNIE4J.load(model, 1)) {
      float[] expected = Arrays.copyOf(ours.forward(batch), batch.tokens() * hidden);
      for (PaddedPlan plan : PaddedPlan.values()) {
        try (OnnxRuntimePadded padded = new OnnxRuntimePadded(model, batch, plan, 1)) {
          padded.run();
          assertThat(padded.hidden())
              .as(plan.name())
              .containsExactly(expected, Offset.offset(1e-5f));
        }
      }
    }
  }

  @Test
  void sortedPlansPutEqualLengthsTogether() {
    RaggedBatch batch = lengths(7, 2, 12, 3, 3, 9);
    assertThat(PaddedPlan.SORTED_4.groups(batch))
        .containsExactly(List.of(1, 3, 4, 0), List.of(5, 2));
    assertThat(PaddedPlan.ONE_BATCH.groups(batch)).hasSize(1);
    assertThat(PaddedPlan.ONE_BY_ONE.groups(batch)).hasSize(6).allMatch(group -> group.size() == 1);
  }

  @ParameterizedTest
  @EnumSource
  void everyPlanRunsEverySequenceOnce(PaddedPlan plan) {
    List<Integer> all =
        plan.groups(lengths(4, 2, 9, 3, 3)).stream().flatMap(List::stream).sorted().toList();
    assertThat(all).containsExactly(0, 1, 2, 3, 4);
  }
}

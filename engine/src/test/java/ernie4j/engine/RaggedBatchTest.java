package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RaggedBatchTest {
  private final RaggedBatch batch = RaggedBatch.of(new int[] {1, 5, 2}, new int[] {1, 2});

  @Test
  void sequencesFollowEachOtherWithoutPadding() {
    assertThat(batch.sequences()).isEqualTo(2);
    assertThat(batch.tokens()).isEqualTo(5);
    assertThat(batch.start(1)).isEqualTo(3);
    assertThat(batch.start(2)).isEqualTo(5);
    assertThat(batch.length(0)).isEqualTo(3);
    assertThat(batch.longest()).isEqualTo(3);
    assertThat(batch.id(4)).isEqualTo(2);
    assertThat(batch.positionId(4, 1)).isEqualTo(1);
    assertThat(batch.typeId(4)).isZero();
    assertThat(batch).hasToString("RaggedBatch[2 sequences, 5 tokens, lengths [3, 2]]");
  }

  @Test
  void valuesPerTokenReplaceTheDefaults() {
    RaggedBatch full =
        batch
            .withTypeIds(List.of(new int[] {0, 1, 1}, new int[] {2, 3}))
            .withPositionIds(List.of(new int[] {7, 8, 9}, new int[] {4, 5}))
            .withTaskTypeIds(List.of(new int[] {1, 1, 1}, new int[] {2, 2}))
            .withAttentionMask(List.of(new int[] {1, 0, 1}, new int[] {0, 1}));
    assertThat(full.typeId(4)).isEqualTo(3);
    assertThat(full.positionId(3, 0)).isEqualTo(4);
    assertThat(full.taskTypeId(3)).isEqualTo(2);
    assertThat(full.isVisible(1, 0)).isFalse();
    assertThat(full.isVisible(4, 2)).as("a mask overrides the padding id").isTrue();
    assertThat(batch.isVisible(4, 2)).as("id 2 as padding id").isFalse();
  }

  @Test
  void emptyBatchesAndSequencesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RaggedBatch.of(List.of()))
        .withMessageContaining("expected at least one sequence");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RaggedBatch.of(new int[] {1}, new int[0]))
        .withMessageContaining("sequence 1 has no tokens");
  }

  @Test
  void valuesThatDoNotFitTheTokensAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.withTypeIds(List.of(new int[3])))
        .withMessageContaining("typeIds: expected 2 sequences, got 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.withPositionIds(List.of(new int[3], new int[3])))
        .withMessageContaining("positionIds: sequence 1 has 2 tokens, got 3 values");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.withAttentionMask(List.of(new int[] {1, 2, 1}, new int[2])))
        .withMessageContaining("expected 0 or 1, got 2 at token 1");
  }
}

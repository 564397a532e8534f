package ernie4j.training.slu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.slu.SluExample.Slot;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SluMetricsTest {
  private static final SluLabels LABELS =
      new SluLabels(
          List.of("OTHERS", "music.play"),
          List.of("PAD", "O", "B-song", "B-singer", "I-song", "I-singer"));

  @Test
  void utteranceIsRightWhenIntentAndEverySlotAre() {
    SluMetrics metrics = new SluMetrics(LABELS, Set.of(0));
    metrics.add(1, 1, new int[] {1, 2, 4}, new int[] {1, 2, 4});
    metrics.add(1, 1, new int[] {1, 2, 4}, new int[] {1, 2, 1});
    metrics.add(1, 0, new int[] {1, 2}, new int[] {1, 2});
    metrics.add(0, 0, new int[] {1, 1}, new int[] {3, 5});
    assertThat(metrics.accuracy()).as("slots of OTHERS do not count").isEqualTo(50);
    assertThat(metrics.intentAccuracy()).isEqualTo(75);
    // Three expected and four predicted spans, two of them the same.
    assertThat(metrics.slotF1()).isCloseTo(200.0 * 2 / 7, within(1e-9));
  }

  @Test
  void everyPieceInsideASlotIsLabelledAndTheRestIsO() {
    ErnieTokenizer tokenizer =
        new ErnieTokenizer(
            Vocabulary.of(
                List.of(
                    "[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "放", "let", "##it", "be", "吧")),
            TokenizerOptions.ernie());
    SluExample example =
        new SluExample("放letit be吧", "music.play", List.of(new Slot("song", 1, 9)));
    EncodedExample encoded = EncodedExample.of(example, tokenizer, LABELS, 16);
    assertThat(encoded.ids()).containsExactly(1, 5, 6, 7, 8, 9, 2);
    assertThat(encoded.slots()).containsExactly(0, 1, 2, 4, 4, 1, 0);
    assertThat(encoded.intent()).isEqualTo(1);
    EncodedExample cut = EncodedExample.of(example, tokenizer, LABELS, 4);
    assertThat(cut.slots()).containsExactly(0, 1, 2, 0);
  }

  @Test
  void labelsThatCannotWorkAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SluLabels(List.of("a"), List.of("O", "B-x")))
        .withMessageContaining("padding label");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LABELS.slot("B-age"))
        .withMessageContaining("B-age");
  }
}

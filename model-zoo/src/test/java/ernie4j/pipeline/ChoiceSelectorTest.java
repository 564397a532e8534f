package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.Encoding;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceSelectorTest {
  private static final Model MODEL = TinyModels.choices();
  private static final ChoiceSelector SELECTOR = ChoiceSelector.of(MODEL);
  private static final List<String> CHOICES = List.of("天", "地玄", "黄");

  @Test
  void choiceIsReadWithContextAndQuestion() {
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    float[] scores = new float[CHOICES.size()];
    for (int i = 0; i < scores.length; i++) {
      Encoding pair = Tokenizers.of(MODEL).encode("日月盈昃", "宇宙 " + CHOICES.get(i));
      encoder.forward(RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())), states);
      scores[i] =
          Head.of(encoder, Task.MULTIPLE_CHOICE, MODEL.parameters()).logits(states).get(0)[0];
    }
    ChoiceSelector.Result result = SELECTOR.select("日月盈昃", "宇宙", CHOICES);
    assertThat(result.index()).isEqualTo(Logits.argmax(scores, 0, 3));
    assertThat(result.choice()).isEqualTo(CHOICES.get(result.index()));
    for (int i = 0; i < scores.length; i++) {
      assertThat(result.probabilities().get(i)).isEqualTo(Logits.probability(scores, 0, 3, i));
    }
    assertThat(result.probabilities().stream().mapToDouble(p -> p).sum())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void longContextIsCutAroundItsGap() {
    String gap = "玄黄" + ChoiceSelector.GAP + "宇宙";
    ChoiceSelector.Question question =
        new ChoiceSelector.Question("天".repeat(60) + gap + "地".repeat(60), "", CHOICES);
    List<TextPair> pairs = ChoiceSelector.pairs(question, Tokenizers.of(MODEL), 20);
    assertThat(pairs.get(1)).isEqualTo(new TextPair("天".repeat(8) + gap + "地".repeat(60), "地玄"));
    ChoiceSelector cutting = SELECTOR.withLongText(LongText.TRUNCATE).withMaxLength(20);
    assertThat(cutting.select(List.of(question)).get(0).truncated()).isTrue();
    assertThatThrownBy(() -> SELECTOR.select(List.of(question)))
        .hasMessageContaining("40 are read at once");
    // A pair that fits is read whole, wherever its gap is.
    ChoiceSelector.Question fitting =
        new ChoiceSelector.Question("天".repeat(12) + ChoiceSelector.GAP, "", CHOICES);
    assertThat(ChoiceSelector.pairs(fitting, Tokenizers.of(MODEL), 24).get(0).first())
        .isEqualTo(fitting.context());
  }

  @Test
  void batchGivesSameResultsAsSingleQuestions() {
    ChoiceSelector.Question a = new ChoiceSelector.Question("日月", "天", CHOICES);
    ChoiceSelector.Question blank = new ChoiceSelector.Question(" ", "天", CHOICES);
    ChoiceSelector.Question b = new ChoiceSelector.Question("盈", "", List.of("地", "玄"));
    List<Attempt<ChoiceSelector.Result>> attempts = SELECTOR.trySelect(List.of(a, blank, b));
    assertThat(attempts.get(0).result()).isEqualTo(SELECTOR.select("日月", "天", CHOICES));
    assertThat(attempts.get(1).error().orElseThrow()).contains("has no tokens");
    assertThat(attempts.get(2).result()).isEqualTo(SELECTOR.select("盈", "", List.of("地", "玄")));
    assertThatThrownBy(() -> new ChoiceSelector.Question("x", "y", List.of("z")))
        .hasMessageContaining("at least two choices");
  }
}

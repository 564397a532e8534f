package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextScorerTest {
  private static final Model MODEL = TinyModels.scorer();
  private static final TextScorer SCORER = TextScorer.of(MODEL);

  private static float logit(String first, String second) {
    Encoding pair = Tokenizers.of(MODEL).encode(first, second);
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())), states);
    return Head.of(encoder, Task.SCORING, MODEL.parameters()).logits(states).get(0)[0];
  }

  @Test
  void scoreIsTheLogitOrItsSigmoid() {
    float logit = logit("天地", "玄黄");
    assertThat(SCORER.score("天地", "玄黄").value()).isEqualTo(logit);
    assertThat(SCORER.withSigmoid(true).score("天地", "玄黄").value()).isEqualTo(Logits.sigmoid(logit));
    Model model = MODEL.withOptions(Map.of(HeadOptions.ACTIVATION, HeadOptions.SIGMOID));
    assertThat(TextScorer.of(model).score("天地", "玄黄").value()).isEqualTo(Logits.sigmoid(logit));
  }

  @Test
  void documentsAreRankedByTheirScores() {
    List<String> documents = List.of("玄黄", "宇宙", "洪荒日月", "玄黄");
    List<TextScorer.Ranked> ranked = SCORER.rank("天地", documents);
    List<Double> scores = new ArrayList<>();
    for (TextScorer.Ranked r : ranked) {
      assertThat(r.document()).isEqualTo(documents.get(r.index()));
      assertThat(r.score()).isEqualTo(SCORER.score("天地", r.document()).value());
      scores.add(-r.score());
    }
    assertThat(scores).isSorted();
    assertThat(ranked.stream().map(TextScorer.Ranked::index))
        .containsExactlyInAnyOrder(0, 1, 2, 3)
        .containsSubsequence(0, 3);
    assertThat(SCORER.rank("天地", List.of())).isEmpty();
  }

  @Test
  void unreadableTextDoesNotAffectOthers() {
    List<Attempt<TextScorer.Result>> attempts = SCORER.tryScore(List.of("天", "", "地"));
    assertThat(attempts.get(0).result()).isEqualTo(SCORER.score("天"));
    assertThat(attempts.get(1).error().orElseThrow()).contains("has no tokens");
    assertThat(attempts.get(2).result()).isEqualTo(SCORER.score("地"));
    assertThat(SCORER.withLongText(LongText.TRUNCATE).score("天".repeat(99)).truncated()).isTrue();
  }

  @Test
  void refusesOtherTasksAndUnknownActivations() {
    assertThatThrownBy(() -> TextScorer.of(TinyModels.classifier("a", "b")))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("use TextClassifier");
    assertThatThrownBy(
            () -> TextScorer.of(MODEL.withOptions(Map.of(HeadOptions.ACTIVATION, "relu"))))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("activation: expected sigmoid or identity, got 'relu'");
  }
}

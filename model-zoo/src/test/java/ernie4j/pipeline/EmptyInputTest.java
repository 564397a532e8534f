package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.head.SentenceEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every pipeline with no texts at all, and with texts without tokens among others. */
class EmptyInputTest {
  /** A pipeline as a function of a list of inputs: texts, pairs or queries. */
  private record Case<I>(
      String name,
      Function<List<I>, ? extends List<? extends Attempt<?>>> pipeline,
      I good,
      I bad) {
    void check() {
      assertThat(pipeline.apply(List.of())).as(name).isEmpty();
      List<? extends Attempt<?>> alone = pipeline.apply(List.of(good));
      List<? extends Attempt<?>> among = pipeline.apply(List.of(bad, good, bad, good));
      assertThat(among).as(name).hasSize(4);
      for (int i = 0; i < 4; i++) {
        Attempt<?> attempt = among.get(i);
        assertThat(attempt.isSuccess()).as("%s %d", name, i).isEqualTo(i % 2 == 1);
        if (i % 2 == 0) {
          assertThat(attempt.error().orElseThrow()).as(name).contains("has no tokens");
        } else {
          assertThat(attempt.result())
              .usingRecursiveComparison()
              .as(name)
              .isEqualTo(alone.get(0).result());
        }
      }
    }
  }

  @Test
  void everyPipelineHandlesEmptyInput() {
    String good = "我们今天";
    String bad = " \u0001 ";
    TextPair goodPair = new TextPair(good, "好");
    TextPair badPair = new TextPair(good, bad);
    TextClassifier classifier = TextClassifier.of(TinyModels.classifier("a", "b"));
    MultiLabelClassifier labels = MultiLabelClassifier.of(TinyModels.multiLabel("a", "b"));
    TextScorer scorer = TextScorer.of(TinyModels.scorer());
    JointSlu slu = JointSlu.of(TinyModels.joint());
    SentenceEmbedder embedder = SentenceEmbedder.of(TinyModels.encoder(1), SentenceEmbedding.MEAN);
    QuestionAnswerer answerer = QuestionAnswerer.of(TinyModels.answerer());
    List<Case<?>> cases = new ArrayList<>();
    cases.add(new Case<>("classify", classifier::tryClassify, good, bad));
    cases.add(new Case<>("classify pairs", classifier::tryClassifyPairs, goodPair, badPair));
    cases.add(new Case<>("labels", labels::tryClassify, good, bad));
    cases.add(new Case<>("labels of pairs", labels::tryClassifyPairs, goodPair, badPair));
    cases.add(new Case<>("score", scorer::tryScore, good, bad));
    cases.add(new Case<>("score pairs", scorer::tryScorePairs, goodPair, badPair));
    cases.add(new Case<>("parse", slu::tryParse, good, bad));
    cases.add(new Case<>("embed", embedder::tryEmbed, good, bad));
    cases.add(
        new Case<>(
            "answer",
            answerer::tryAnswer,
            new QuestionAnswerer.Query("好", good),
            new QuestionAnswerer.Query("好", bad)));
    cases.forEach(Case::check);
  }

  @Test
  void aTextWithoutTokensHasNoSpans() {
    TokenTagger tagger = TokenTagger.of(TinyModels.tagger("O", "B-x", "I-x"));
    assertThat(tagger.tag(List.of())).isEmpty();
    assertThat(tagger.tag(List.of(" ", "我们今天", "")))
        .containsExactly(
            new TokenTagger.Result(" ", List.of(), false),
            tagger.tag("我们今天"),
            new TokenTagger.Result("", List.of(), false));
  }
}

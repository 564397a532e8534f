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
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.TextClassifier.Result;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TextClassifierTest {
  private static final Model MODEL = TinyModels.classifier("a", "b", "c");
  private static final TextClassifier CLASSIFIER = TextClassifier.of(MODEL);

  @Provide
  Arbitrary<String> texts() {
    return TinyModels.texts(12).map(text -> text + "天");
  }

  @Property(tries = 100)
  void batchGivesSameResultsAsSingleTexts(@ForAll("texts") String a, @ForAll("texts") String b) {
    List<String> texts = List.of(a, "天地", b);
    TextClassifier classifier = CLASSIFIER.withLongText(LongText.TRUNCATE);
    assertThat(classifier.classify(texts))
        .isEqualTo(texts.stream().map(classifier::classify).toList());
    List<TextPair> pairs = List.of(new TextPair(a, b), new TextPair("天", b), new TextPair(b, a));
    assertThat(classifier.classifyPairs(pairs))
        .isEqualTo(pairs.stream().map(p -> classifier.classify(p.first(), p.second())).toList());
    for (Result result : classifier.classify(texts)) {
      assertThat(result.scores().stream().mapToDouble(Score::probability).sum())
          .isCloseTo(1, within(1e-9));
      assertThat(result.scores()).contains(new Score(result.label(), result.probability()));
      assertThat(result.scores()).allMatch(s -> s.probability() <= result.probability());
    }
  }

  @Test
  void aPairHasTokenTypes() {
    Encoding pair = Tokenizers.of(MODEL).encode("天地", "玄黄");
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())), states);
    float[] logits =
        Head.of(encoder, Task.SEQUENCE_CLASSIFICATION, MODEL.parameters()).logits(states).get(0);
    Result result = CLASSIFIER.classify("天地", "玄黄");
    for (int j = 0; j < 3; j++) {
      assertThat(result.scores().get(j).probability())
          .isEqualTo(Logits.probability(logits, 0, 3, j));
    }
  }

  @Test
  void longTextsAreRefusedOrCut() {
    String text = "天地玄黄".repeat(20);
    assertThatThrownBy(() -> CLASSIFIER.classify(text)).hasMessageContaining("has 82 tokens");
    assertThatThrownBy(() -> CLASSIFIER.classify("天", text)).hasMessageContaining("has 84 tokens");
    TextClassifier cutting = CLASSIFIER.withLongText(LongText.TRUNCATE).withMaxLength(20);
    Result cut = cutting.classify(text);
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.scores()).isEqualTo(CLASSIFIER.classify(text.substring(0, 18)).scores());
    Result pair = cutting.classify("宇宙", text);
    assertThat(pair.truncated()).isTrue();
    assertThat(pair.scores()).isEqualTo(CLASSIFIER.classify("宇宙", text.substring(0, 15)).scores());
    assertThat(cutting.classify(text, text).scores())
        .isEqualTo(CLASSIFIER.classify(text.substring(0, 9), text.substring(0, 8)).scores());
    assertThat(Tokenizers.of(MODEL).encode(text, text, Truncation.LONGEST_FIRST, 20).length())
        .isEqualTo(20);
    assertThatThrownBy(() -> CLASSIFIER.withLongText(LongText.WINDOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("windows suit");
    assertThatThrownBy(() -> CLASSIFIER.withMaxLength(41))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 4 to 40 tokens, got 41");
  }

  @Test
  void textsWithoutTokensAndRegressionModelsAreRefused() {
    for (String text : List.of("", " \r\n", "\u0000")) {
      assertThatThrownBy(() -> CLASSIFIER.classify(text)).hasMessageContaining("has no tokens");
      assertThatThrownBy(() -> CLASSIFIER.classify("天", text))
          .hasMessageContaining("has no tokens");
      assertThatThrownBy(() -> CLASSIFIER.classify(text, "天"))
          .hasMessageContaining("has no tokens");
    }
    Model one = TinyModels.classifier("value");
    assertThatThrownBy(() -> TextClassifier.of(one))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("use TextScorer");
    assertThat(TextScorer.of(one).score("天").truncated()).isFalse();
  }

  @Test
  void threadsShareOnePipeline() throws Exception {
    List<String> texts = List.of("天地", "玄黄宇宙洪荒", "ab😀", "日月盈昃辰宿列张".repeat(4));
    List<Result> expected = CLASSIFIER.classify(texts);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<Result>>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(pool.submit(() -> CLASSIFIER.classify(texts)));
        answers.add(pool.submit(() -> texts.stream().map(CLASSIFIER::classify).toList()));
      }
      for (Future<List<Result>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void textCannotInjectControlTokens() {
    TextClassifier classifier = TextClassifier.of(MODEL);
    TextClassifier reading = TextClassifier.of(Tokenizers.withSpecialTokens(MODEL));
    assertThat(Tokenizers.of(MODEL).tokenize("天[SEP]地")).doesNotContain("[SEP]");
    assertThat(Tokenizers.of(Tokenizers.withSpecialTokens(MODEL)).tokenize("天[SEP]地"))
        .containsExactly("天", "[SEP]", "地");
    assertThat(classifier.classify("天[SEP]地")).isNotEqualTo(reading.classify("天[SEP]地"));
    assertThat(classifier.classify("天地").label()).isEqualTo(reading.classify("天地").label());
    assertThatThrownBy(() -> Tokenizers.of(MODEL.withOptions(Map.of("special_tokens", "True"))))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("special_tokens: expected false or true, got 'True'");
  }
}

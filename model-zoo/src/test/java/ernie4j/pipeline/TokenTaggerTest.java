package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenTaggerTest {
  private static final TokenTagger BIO =
      TokenTagger.of(TinyModels.tagger("O", "B-x", "I-x", "B-y", "I-y"));
  private static final TokenTagger BIOES =
      TokenTagger.of(TinyModels.tagger("O", "B-x", "I-x", "E-x", "S-x", "S-y"));

  @Provide
  Arbitrary<String> texts() {
    return TinyModels.texts(60);
  }

  @Property(tries = 300)
  void spansLieInTheTextAndDoNotOverlap(
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 4, max = TinyModels.POSITIONS) int length,
      @ForAll @IntRange(min = 1, max = 50) int stride,
      @ForAll boolean bioes) {
    TokenTagger tagger =
        (bioes ? BIOES : BIO)
            .withLongText(LongText.WINDOW)
            .withMaxLength(length)
            .withStride(stride);
    int behind = 0;
    TokenTagger.Result result = tagger.tag(text);
    assertThat(result.truncated()).isFalse();
    for (Span entity : result.entities()) {
      assertThat(entity.start()).isGreaterThanOrEqualTo(behind).isLessThan(entity.end());
      assertThat(entity.text()).isEqualTo(text.substring(entity.start(), entity.end()));
      assertThat(entity.probability()).isBetween(0.0, 1.0);
      assertThat(insidePair(text, entity.start()) || insidePair(text, entity.end())).isFalse();
      behind = entity.end();
    }
  }

  private static boolean insidePair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
  }

  @Property(tries = 100)
  void windowsChangeNothingWhenTheTextFits(@ForAll("texts") String text) {
    if (Tokenizers.of(TinyModels.encoder(0)).encode(text).length() <= TinyModels.POSITIONS) {
      assertThat(BIO.withLongText(LongText.WINDOW).tag(text)).isEqualTo(BIO.tag(text));
    }
  }

  @Property(tries = 50)
  void batchGivesSameResultsAsSingleTexts(@ForAll("texts") String a, @ForAll("texts") String b) {
    TokenTagger tagger = BIO.withLongText(LongText.WINDOW).withMaxLength(10);
    List<String> texts = List.of(a, "天地玄黄", b, "", a);
    assertThat(tagger.tag(texts)).isEqualTo(texts.stream().map(tagger::tag).toList());
  }

  @Test
  void batchLargerThanABlockGivesSameResultsAsSingleTexts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(TinyModels.CHARACTERS.substring(i % 10) + "a😀".repeat(1 + i % 7));
    }
    assertThat(BIO.tag(texts)).isEqualTo(texts.stream().map(BIO::tag).toList());
    assertThat(BIO.tag(List.of())).isEmpty();
  }

  @Test
  void adjacentWindowsAreReadAsSeparateTexts() {
    // Every span is a single token, so none crosses from one window to the next.
    TokenTagger tagger = TokenTagger.of(TinyModels.tagger("O", "S-x", "S-y")).withMaxLength(10);
    String left = "天地玄黄宇宙洪荒";
    String right = "荒天日月盈昃辰宿";
    List<Span> expected = new ArrayList<>(tagger.tag(left).entities());
    for (Span e : tagger.tag(right).entities()) {
      expected.add(new Span(e.type(), e.text(), e.start() + 8, e.end() + 8, e.probability()));
    }
    assertThat(expected).hasSizeBetween(3, 16);
    TokenTagger windows = tagger.withLongText(LongText.WINDOW).withStride(8);
    assertThat(windows.tag(left + right).entities()).isEqualTo(expected);
  }

  @Test
  void tokenTakesItsLabelFromTheWindowWithMostContext() {
    TokenTagger tagger = TokenTagger.of(TinyModels.tagger("O", "S-x", "S-y")).withMaxLength(10);
    String text =
        "天地玄黄宇宙洪荒日月盈昃"; // windows [0,8) and [4,12): 0-5 from the first, 6-11 from the second
    List<Span> expected =
        new ArrayList<>(
            tagger.tag(text.substring(0, 8)).entities().stream()
                .filter(e -> e.start() < 6)
                .toList());
    for (Span e : tagger.tag(text.substring(4)).entities()) {
      if (e.start() + 4 >= 6) {
        expected.add(new Span(e.type(), e.text(), e.start() + 4, e.end() + 4, e.probability()));
      }
    }
    assertThat(tagger.withLongText(LongText.WINDOW).tag(text).entities()).isEqualTo(expected);
  }

  @Test
  void answersOnlyAllowedTagsIfTheModelSaysSo() {
    Model model = TinyModels.tagger("O", "B-x", "I-x");
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    store.replace(HeadNames.CLASSIFIER + ".weight", Tensor.zeros(TinyModels.HIDDEN, 3));
    // I-x is the most likely tag of every token, then O.
    store.replace(HeadNames.CLASSIFIER + ".bias", Tensor.of(new float[] {1, 0, 2}, 3));
    Model free = model.withParameters(model.config(), store);
    Model constrained = free.withOptions(Map.of(HeadOptions.CONSTRAINED_TAGS, "true"));
    assertThat(TokenTagger.of(free).tag("天地玄黄").entities()).isEmpty();
    assertThat(TokenTagger.of(constrained).tag("天地玄黄").entities())
        .extracting(Span::text)
        .containsExactly("天地玄黄");
    assertThat(TokenTagger.of(constrained).tag("天").entities()).isEmpty();
    TokenTagger windows = TokenTagger.of(constrained).withMaxLength(5);
    assertThat(windows.withLongText(LongText.WINDOW).tag("天地玄黄宇宙洪荒").entities())
        .as("the sequence is searched across windows")
        .extracting(Span::text)
        .containsExactly("天地玄黄宇宙洪荒");
  }

  @Test
  void longTextsAreRefusedOrCut() {
    String text = "天地玄黄".repeat(20);
    assertThatThrownBy(() -> BIO.tag(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 82 tokens")
        .hasMessageContaining("40 are read");
    TokenTagger.Result cut = BIO.withLongText(LongText.TRUNCATE).tag(text);
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.entities()).isEqualTo(BIO.tag(text.substring(0, 38)).entities());
  }

  @Test
  void spanProbabilityComesFromItsLabels() {
    TokenTagger single = TokenTagger.of(TinyModels.tagger("S-x", "S-y"));
    for (Span entity : single.tag("天地玄黄").entities()) {
      assertThat(entity.probability()).isBetween(0.5, 1.0);
    }
    assertThat(single.tag("天地玄黄").entities()).hasSize(4);
    // With only one label, every token has it with probability 1.
    assertThat(TokenTagger.of(TinyModels.tagger("S-x")).tag("天").entities().get(0).probability())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void refusesOtherTasksAndNamesTheRightPipeline() {
    Model classifier = TinyModels.classifier("a", "b");
    assertThatThrownBy(() -> TokenTagger.of(classifier))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "TokenTagger expects a model for the task token-classification, got one for 'sequence-classification'; use TextClassifier");
    assertThatThrownBy(
            () ->
                TokenTagger.of(
                    TinyModels.tagger("O", "B-x").withTask("token-classification", Map.of())))
        .hasMessageContaining("the model has 0 labels under 'label', but its head has 2 outputs");
  }

  @Test
  void otherLabelSchemesGiveTheSameSpans() {
    String text = "我们今天去北京";
    List<Span> expected = TokenTagger.of(TinyModels.tagger("O", "B-x", "I-x")).tag(text).entities();
    assertThat(expected).isNotEmpty();
    for (List<String> labels :
        List.of(
            List.of("O", "x-B", "x-I"), List.of("O", "B_x", "M_x"), List.of("O", "B-x", "M-x"))) {
      TokenTagger tagger = TokenTagger.of(TinyModels.tagger(labels.toArray(String[]::new)));
      assertThat(tagger.types()).containsExactly("x");
      assertThat(tagger.tag(text).entities()).as("%s", labels).isEqualTo(expected);
    }
    assertThat(TokenTagger.of(TinyModels.tagger("O", "x", "y")).types()).containsExactly("x", "y");
  }

  /** Work that grows with the square of the windows would take minutes here. */
  @Test
  void timeIsLinearInTheNumberOfWindows() {
    int length = 150_000;
    TokenTagger tagger = BIO.withLongText(LongText.WINDOW).withMaxLength(5).withStride(1);
    TokenTagger.Result result =
        assertTimeoutPreemptively(Duration.ofSeconds(40), () -> tagger.tag("我".repeat(length)));
    assertThat(result.truncated()).isFalse();
  }
}

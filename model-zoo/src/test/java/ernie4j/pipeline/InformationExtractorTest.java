package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.AnotherJvm;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a tiny extractor with random weights, which finds many spans. */
class InformationExtractorTest {
  private static final Model MODEL = TinyModels.extractor();
  private static final InformationExtractor EXTRACTOR =
      InformationExtractor.of(MODEL).withThreshold(0.3);
  private static final ExtractionSchema NAMES = ExtractionSchema.of("天地", "玄", "黄[宇,宙]");
  private static final ExtractionSchema NESTED =
      ExtractionSchema.parse("[{\"天地\": [\"玄\", {\"黄[宇,宙]\": \"日\"}]}, \"玄\"]");

  @Provide
  Arbitrary<String> texts() {
    return TinyModels.texts(60);
  }

  /** The answers of the model to one prompt in one piece. */
  private static List<SpanDecoder.Answer> asked(String prompt, String piece) {
    Encoding pair = Tokenizers.of(MODEL).encode(prompt, piece);
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    List<float[]> logits =
        encoder.forward(
            RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())),
            states ->
                Head.of(encoder, Task.INFORMATION_EXTRACTION, MODEL.parameters()).logits(states));
    return SpanDecoder.decode(
        prompt,
        piece,
        SpanDecoder.Places.of(pair),
        SpanPairing.probabilities(logits.get(0)),
        SpanPairing.probabilities(logits.get(1)),
        0.3);
  }

  @Test
  void answersMatchTheDecodedPairOfPromptAndText() {
    String text = "天地玄黄宇宙洪荒日月盈昃";
    int found = 0;
    for (String prompt : List.of("天地", "日月盈")) {
      List<Extraction> expected = new ArrayList<>();
      for (SpanDecoder.Answer a : asked(prompt, text)) {
        if (!a.inPrompt()) {
          expected.add(new Extraction(a.text(), a.start(), a.end(), a.probability(), Map.of()));
        }
      }
      InformationExtractor.Result result = EXTRACTOR.extract(text, ExtractionSchema.of(prompt));
      assertThat(result.text()).isEqualTo(text);
      assertThat(result.get(prompt)).isEqualTo(expected);
      found += expected.size();
    }
    assertThat(found).isPositive();
    assertThat(EXTRACTOR.withThreshold(1).extract(text, NAMES).extractions()).isEmpty();
  }

  /**
   * A schema of one name asks the same prompt; so does one of several names if no other prompt is
   * longer.
   */
  @Test
  void promptsGiveSameAnswersWithAndWithoutASchema() {
    String longText = (TinyModels.CHARACTERS + "😀").repeat(6);
    String tooLong = "天".repeat(TinyModels.POSITIONS);
    List<InformationExtractor.Query> queries = new ArrayList<>();
    for (String text : List.of("天地玄黄宇宙洪荒日月盈昃", longText, "", "天地玄黄宇宙洪荒日月盈昃")) {
      for (String prompt : List.of("天地", "日月", "黄［宇，宙］", tooLong)) {
        queries.add(new InformationExtractor.Query(text, prompt));
      }
    }
    List<Attempt<List<Extraction>>> answers = EXTRACTOR.tryAsk(queries);
    int found = 0;
    for (int q = 0; q < queries.size(); q++) {
      String prompt = queries.get(q).prompt();
      if (prompt.equals(tooLong)) {
        assertThat(answers.get(q).error().orElse("")).contains("leaves no room");
        continue;
      }
      assertThat(answers.get(q).result())
          .isEqualTo(
              EXTRACTOR.extract(queries.get(q).text(), ExtractionSchema.of(prompt)).get(prompt));
      found += answers.get(q).result().size();
    }
    assertThat(found).isGreaterThan(5);
    assertThat(InformationExtractor.prompt("黄［宇，宙］")).isEqualTo("黄[宇,宙]");
  }

  /** Training reads the same tokens as the pipeline. */
  @Test
  void trainingEncodesThePromptLikeThePipeline() {
    Encoding encoding = InformationExtractor.encode(Tokenizers.of(MODEL), "黄［宇，宙］", "天地", 64);
    assertThat(encoding.ids()).isEqualTo(Tokenizers.of(MODEL).encode("黄[宇,宙]", "天地").ids());
    assertThat(
            InformationExtractor.encode(Tokenizers.of(MODEL), "天地", "玄黄".repeat(60), 20).length())
        .isEqualTo(20);
  }

  @Test
  void positionsInALongTextReferToAllOfIt() {
    String text = (TinyModels.CHARACTERS + "😀").repeat(6);
    int room = TinyModels.POSITIONS - 3 - 2;
    List<Extraction> expected = new ArrayList<>();
    for (TextPieces.Piece piece : TextPieces.of(text, room, false)) {
      for (SpanDecoder.Answer a : asked("天地", text.substring(piece.start(), piece.end()))) {
        if (!a.inPrompt()) {
          int shift = piece.start();
          expected.add(
              new Extraction(
                  a.text(), a.start() + shift, a.end() + shift, a.probability(), Map.of()));
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(3);
    assertThat(EXTRACTOR.extract(text, ExtractionSchema.of("天地")).get("天地")).isEqualTo(expected);
  }

  @Test
  void sentencesAreReadSeparately() {
    String text = "天地玄黄。 \n\n宇宙洪荒日月？盈昃！😀辰宿  ";
    List<Extraction> found =
        EXTRACTOR.withSplitSentences(true).extract(text, ExtractionSchema.of("列张")).get("列张");
    assertThat(found).isNotEmpty();
    found.forEach(e -> assertPlace(text, e));
    assertThat(found).allMatch(e -> !e.text().contains("\n"));
    List<SpanDecoder.Answer> ofSecond = asked("列张", "宇宙洪荒日月？");
    int start = text.indexOf("宇宙");
    assertThat(found)
        .filteredOn(e -> e.start() >= start && e.end() <= start + 7)
        .extracting(e -> e.start() - start)
        .isEqualTo(
            ofSecond.stream().filter(a -> !a.inPrompt()).map(SpanDecoder.Answer::start).toList());
  }

  private static void assertPlace(String text, Extraction e) {
    if (e.isOption()) {
      assertThat(e.end()).isEqualTo(-1);
    } else {
      assertThat(text.substring(e.start(), e.end())).isEqualTo(e.text());
      assertThat(
              Character.isLowSurrogate(e.text().charAt(0))
                  && e.start() > 0
                  && Character.isHighSurrogate(text.charAt(e.start() - 1)))
          .as("half a character")
          .isFalse();
    }
    e.relations().values().forEach(below -> below.forEach(child -> assertPlace(text, child)));
  }

  /** Surrogates, Hangul that becomes three tokens, only punctuation, empty texts. */
  @Property(tries = 60)
  void answersOfAnyTextHaveTheirPositions(@ForAll("texts") String text) {
    for (boolean sentences : new boolean[] {false, true}) {
      Attempt<InformationExtractor.Result> attempt =
          EXTRACTOR.withSplitSentences(sentences).tryExtract(List.of(text), NESTED).get(0);
      if (attempt.isSuccess()) {
        attempt
            .result()
            .extractions()
            .values()
            .forEach(list -> list.forEach(e -> assertPlace(text, e)));
      } else {
        // A prompt contains the whole answer that it asks about.
        assertThat(attempt.error().orElseThrow()).contains("leaves no room for the text");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "，。！", "\u0000", "😀😀", "\ud83d"})
  void acceptsTextsWithoutWords(String text) {
    assertThat(EXTRACTOR.extract(text, NAMES).text()).isEqualTo(text);
  }

  @Test
  void textsWithSeveralTokensPerCharacterFitTheModel() {
    String text = "각".repeat(50);
    List<Extraction> found = EXTRACTOR.extract(text, ExtractionSchema.of("天地")).get("天地");
    assertThat(found).isNotEmpty();
    found.forEach(e -> assertPlace(text, e));
  }

  @Test
  void promptThatLeavesNoRoomFailsOnlyItsTexts() {
    ExtractionSchema tooLong = ExtractionSchema.of("天地", "玄".repeat(TinyModels.POSITIONS - 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EXTRACTOR.extract("天地", tooLong))
        .withMessageContaining("has 37 characters, which leaves no room for the text in the 40");
    String longAnswers = TinyModels.CHARACTERS.repeat(2);
    ExtractionSchema below = ExtractionSchema.parse("{\"天地\": \"" + "玄".repeat(34) + "\"}");
    List<Attempt<InformationExtractor.Result>> attempts =
        EXTRACTOR.tryExtract(List.of("", longAnswers, ""), below);
    assertThat(attempts.get(0).isSuccess()).isTrue();
    assertThat(attempts.get(1).error().orElseThrow()).contains("leaves no room for the text");
    assertThat(attempts.get(2).isSuccess()).isTrue();
  }

  @Test
  void promptWithOptionsGivesOneOption() {
    List<Extraction> found =
        EXTRACTOR.withThreshold(0.2).extract("日月", ExtractionSchema.of("黄[宇,宙]")).get("黄[宇,宙]");
    assertThat(found).singleElement().matches(Extraction::isOption);
    assertThat("黄[宇,宙]").contains(found.get(0).text());
  }

  @Test
  void batchGivesSameResultsAsSingleTexts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add((TinyModels.CHARACTERS + "，").repeat(4).substring(i % 11, 11 + i));
    }
    texts.add(texts.get(3));
    List<InformationExtractor.Result> together = EXTRACTOR.extract(texts, NAMES);
    assertThat(together).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(together.get(i)).isEqualTo(EXTRACTOR.extract(texts.get(i), NAMES));
    }
    assertThat(EXTRACTOR.extract(List.of(), NAMES)).isEmpty();
  }

  @Test
  void memoryIsBoundedForLongTextsWithManyPrompts(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Xmx48m",
                "-Dernie4j.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path"),
                LongExtraction.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(text).isZero();
      assertThat(text).contains("10 names with answers");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void thresholdAndLanguageComeFromTheModel() {
    String text = TinyModels.CHARACTERS;
    Model english =
        MODEL.withOptions(
            Map.of(HeadOptions.THRESHOLD, "0.3", HeadOptions.SCHEMA_LANGUAGE, HeadOptions.ENGLISH));
    InformationExtractor extractor = InformationExtractor.of(english);
    assertThat(extractor.extract(text, NAMES)).isEqualTo(EXTRACTOR.extract(text, NAMES));
    ExtractionSchema schema = ExtractionSchema.parse("{\"天地\": \"a b\"}");
    InformationExtractor.Result result = extractor.extract(text, schema);
    assertThat(result).isEqualTo(EXTRACTOR.withEnglishSchema(true).extract(text, schema));
    assertThat(result).isNotEqualTo(EXTRACTOR.extract(text, schema));
  }

  @Test
  void wrongModelsAndSettingsAreRefused() {
    assertThatThrownBy(() -> InformationExtractor.of(TinyModels.answerer()))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("use QuestionAnswerer");
    assertThatThrownBy(() -> QuestionAnswerer.of(MODEL))
        .hasMessageContaining("InformationExtractor");
    assertThatIllegalArgumentException().isThrownBy(() -> EXTRACTOR.withThreshold(1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> EXTRACTOR.withThreshold(Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EXTRACTOR.withMaxLength(41))
        .withMessageContaining("expected 4 to 40 tokens, got 41");
  }
}

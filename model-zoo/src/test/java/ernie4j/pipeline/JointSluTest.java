package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pipeline on the bundled model. */
class JointSluTest {
  private static final List<String> TEXTS =
      List.of("来一首周华健的花心", "到信阳市汽车配件城", "打电话给爸爸", "今天天气不错", "暂停");

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void findsIntentAndSlotsWithTheirPositions(Kernels kernels) throws IOException {
    JointSlu slu = JointSlu.of(JointSlu.bundledModel(), kernels);
    JointSlu.Result song = slu.parse("来一首周华健的花心");
    assertThat(song.intent()).isEqualTo("music.play");
    assertThat(song.probability()).isBetween(0.9, 1.0);
    assertThat(shown(song)).containsExactly("singer 周华健 3 6", "song 花心 7 9");
    assertThat(song.slots()).allMatch(slot -> slot.probability() > 0.5);
    assertThat(song.labels()).hasSize(9).startsWith("O", "O", "O", "B-singer", "I-singer");
    assertThat(song.bestIntents(2).get(0)).isEqualTo(new Score("music.play", song.probability()));
    assertThat(song.intents().stream().mapToDouble(Score::probability).sum())
        .isCloseTo(1, within(1e-9));
    JointSlu.Result way = slu.parse("到信阳市汽车配件城");
    assertThat(way.intent()).isEqualTo("navigation.navigation");
    assertThat(shown(way)).containsExactly("destination 信阳市汽车配件城 1 9");
  }

  private static List<String> shown(JointSlu.Result result) {
    return result.slots().stream()
        .map(s -> "%s %s %d %d".formatted(s.type(), s.text(), s.start(), s.end()))
        .toList();
  }

  /** An int8 weight is one object in memory and two tensors in the file; their order is kept. */
  @Test
  void bundledFileIsWrittenBackUnchanged(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("bundled.ernie");
    ModelFile.write(file, JointSlu.bundledModel());
    try (InputStream in = JointSlu.class.getResourceAsStream("slu-nlpcc2018.ernie")) {
      assertThat(Files.readAllBytes(file)).isEqualTo(in.readAllBytes());
    }
  }

  @Test
  void unreadableTextDoesNotAffectOthers() throws IOException {
    JointSlu slu = JointSlu.bundled();
    List<Attempt<JointSlu.Result>> attempts = slu.tryParse(List.of("暂停", "  ", "今天天气不错"));
    assertThat(attempts.get(0).result()).isEqualTo(slu.parse("暂停"));
    assertThat(attempts.get(1).isSuccess()).isFalse();
    assertThat(attempts.get(1).error().orElseThrow()).contains("'  ' has no tokens");
    assertThatThrownBy(() -> attempts.get(1).result()).hasMessageContaining("has no tokens");
    assertThat(attempts.get(2).result()).isEqualTo(slu.parse("今天天气不错"));
  }

  @Test
  void positionsReferToTheOriginalText() throws IOException {
    JointSlu.Result result = JointSlu.bundled().parse("\ud83d\ude00 来一首 周华健 的花心");
    for (Span slot : result.slots()) {
      assertThat(slot.text()).isEqualTo(result.text().substring(slot.start(), slot.end()));
    }
    assertThat(shown(result)).contains("singer 周华健 7 10");
  }

  @Test
  void batchGivesSameResultsAsSingleTexts() throws IOException {
    JointSlu slu = JointSlu.bundled();
    assertThat(slu.parse(TEXTS)).isEqualTo(TEXTS.stream().map(slu::parse).toList());
  }

  @Test
  void threadsShareOnePipeline() throws Exception {
    JointSlu slu = JointSlu.bundled();
    List<JointSlu.Result> expected = slu.parse(TEXTS);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<JointSlu.Result>>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(pool.submit(() -> TEXTS.stream().map(slu::parse).toList()));
      }
      for (Future<List<JointSlu.Result>> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void longTextIsTruncatedByDefault() throws IOException {
    JointSlu slu = JointSlu.bundled();
    String text = "来一首周华健的花心" + "啊".repeat(100_000);
    JointSlu.Result result = slu.parse(text);
    JointSlu.Result beginning = slu.parse(text.substring(0, 30));
    assertThat(result.truncated()).isTrue();
    assertThat(beginning.truncated()).isFalse();
    assertThat(result.intents()).isEqualTo(beginning.intents());
    assertThat(result.labels()).hasSize(30).isEqualTo(beginning.labels());
  }

  @Test
  void longTextIsRefusedOnRequest() throws IOException {
    JointSlu slu = JointSlu.bundled().withLongText(LongText.ERROR);
    assertThat(slu.parse("暂停").truncated()).isFalse();
    assertThatThrownBy(() -> slu.parse("啊".repeat(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 102 tokens");
  }

  @Test
  void spansMatchTheTextEvenForHangul() {
    JointSlu slu = JointSlu.of(TinyModels.joint());
    for (String text : List.of("각각각각", "天각地각a각", "각😀각\r\n각")) {
      int behind = 0;
      for (Span slot : slu.parse(text).slots()) {
        assertThat(slot.start()).isGreaterThanOrEqualTo(behind).isLessThan(slot.end());
        assertThat(slot.text()).isEqualTo(text.substring(slot.start(), slot.end()));
        behind = slot.end();
      }
    }
  }

  @Test
  void aTextWithoutTokensIsRefused() throws IOException {
    JointSlu slu = JointSlu.bundled();
    for (String text : List.of("", " \t\n", "\u0000\u0001")) {
      assertThatThrownBy(() -> slu.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no tokens");
    }
  }

  @Test
  void loneSurrogatesAreReadAsUnknown() throws IOException {
    JointSlu.Result result = JointSlu.bundled().parse("\ud83d来一首周华健的花心\udc00");
    assertThat(result.intent()).isEqualTo("music.play");
  }

  @Test
  void bundledModelStatesItsProvenance() throws IOException {
    Map<String, String> provenance = JointSlu.bundledModel().provenance();
    assertThat(provenance).containsKeys("training_corpus", "training_options", "dev_accuracy");
    assertThat(Double.parseDouble(provenance.getOrDefault("dev_accuracy", "")))
        .isBetween(80.0, 100.0);
  }

  @Test
  void modelsThatDoNotFitAreRefused() throws IOException {
    Model good = JointSlu.bundledModel();
    assertThatThrownBy(() -> JointSlu.of(with(good, good.parameters(), Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model has 0 labels under 'intent'");
    Map<String, List<String>> fewer =
        Map.of("intent", List.of("a", "b"), "slot", good.labels().getOrDefault("slot", List.of()));
    assertThatThrownBy(() -> JointSlu.of(with(good, good.parameters(), fewer)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model has 2 labels under 'intent', but its head has 11 outputs");
    assertThatThrownBy(() -> JointSlu.of(TinyModels.answerer()))
        .hasMessage(
            "JointSlu expects a model for the task joint-intent-slots, got one for 'question-answering'; use QuestionAnswerer");
  }

  private static Model with(
      Model model, ParameterSource parameters, Map<String, List<String>> labels) {
    return new Model(
        model.config(),
        model.task(),
        parameters,
        model.vocabulary(),
        labels,
        model.tokenizerOptions(),
        model.provenance());
  }
}

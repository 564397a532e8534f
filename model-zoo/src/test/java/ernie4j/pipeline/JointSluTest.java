package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu.Slot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
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
  void findsIntentAndSlotsWithTheirPlaces(Kernels kernels) throws IOException {
    JointSlu slu = JointSlu.of(JointSlu.bundledModel(), kernels);
    JointSlu.Result song = slu.parse("来一首周华健的花心");
    assertThat(song.intent()).isEqualTo("music.play");
    assertThat(song.confidence()).isBetween(0.9, 1.0);
    assertThat(song.slots())
        .containsExactly(new Slot("singer", "周华健", 3, 6), new Slot("song", "花心", 7, 9));
    JointSlu.Result way = slu.parse("到信阳市汽车配件城");
    assertThat(way.intent()).isEqualTo("navigation.navigation");
    assertThat(way.slots()).containsExactly(new Slot("destination", "信阳市汽车配件城", 1, 9));
  }

  @Test
  void placesAreThoseOfTheTextAsGiven() throws IOException {
    JointSlu.Result result = JointSlu.bundled().parse("\ud83d\ude00 来一首 周华健 的花心");
    for (Slot slot : result.slots()) {
      assertThat(slot.value()).isEqualTo(result.text().substring(slot.start(), slot.end()));
    }
    assertThat(result.slots()).contains(new Slot("singer", "周华健", 7, 10));
  }

  @Test
  void manyTextsAtOnceGiveWhatEachGivesAlone() throws IOException {
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
  void aLongTextIsReadToTheModelsEnd() throws IOException {
    JointSlu slu = JointSlu.bundled();
    JointSlu.Result result = slu.parse("来一首周华健的花心" + "啊".repeat(100_000));
    assertThat(result.truncated()).isTrue();
    assertThat(result.slots()).contains(new Slot("singer", "周华健", 3, 6));
    assertThat(slu.parse("来一首周华健的花心").truncated()).isFalse();
  }

  @Test
  void aLongTextIsRefusedIfAskedFor() throws IOException {
    JointSlu slu = JointSlu.bundled().withLongText(LongText.ERROR);
    assertThat(slu.parse("暂停").truncated()).isFalse();
    assertThatThrownBy(() -> slu.parse("啊".repeat(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 102 tokens");
  }

  @Test
  void randomModelsGiveSpansOfTheTextAlsoForHangul() {
    JointSlu slu = JointSlu.of(TinyModels.joint());
    for (String text : List.of("각각각각", "天각地각a각", "각😀각\r\n각")) {
      int behind = 0;
      for (Slot slot : slu.parse(text).slots()) {
        assertThat(slot.start()).isGreaterThanOrEqualTo(behind).isLessThan(slot.end());
        assertThat(slot.value()).isEqualTo(text.substring(slot.start(), slot.end()));
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
  void theBundledModelSaysWhereItComesFrom() throws IOException {
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

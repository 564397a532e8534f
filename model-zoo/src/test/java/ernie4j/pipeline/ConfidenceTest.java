package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.json.ResultJson;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Temperatures and refused answers. */
class ConfidenceTest {
  private static final String TEXT = "宇宙洪荒";

  private static double odds(List<Score> scores) {
    return Math.log(scores.get(0).probability() / scores.get(1).probability());
  }

  @Test
  void temperatureDividesLogitsAndKeepsAnswers() {
    Model model = TinyModels.classifier("a", "b", "c");
    TextClassifier.Result plain = TextClassifier.of(model).classify(TEXT);
    TextClassifier.Result milder =
        TextClassifier.of(model.withOption(HeadOptions.TEMPERATURE, "2")).classify(TEXT);
    assertThat(milder.label()).isEqualTo(plain.label());
    assertThat(odds(milder.scores())).isCloseTo(odds(plain.scores()) / 2, within(1e-6));
    assertThat(milder.probability()).isLessThan(plain.probability());
    assertThat(TextClassifier.of(model.withOption(HeadOptions.TEMPERATURE, "1")).classify(TEXT))
        .isEqualTo(plain);
    TextClassifier two = TextClassifier.of(model.withOption(HeadOptions.TEMPERATURE, "2"));
    assertThat(odds(two.withLabels(List.of("a", "b")).classify(TEXT).scores()))
        .isCloseTo(odds(plain.scores()) / 2, within(1e-6));
  }

  @Test
  void multiLabelModelsHaveATemperatureToo() {
    Model model = TinyModels.multiLabel("a", "b");
    double plain = MultiLabelClassifier.of(model).classify(TEXT).scores().get(0).probability();
    double milder =
        MultiLabelClassifier.of(model.withOption(HeadOptions.TEMPERATURE, "4"))
            .classify(TEXT)
            .scores()
            .get(0)
            .probability();
    assertThat(Math.log(milder / (1 - milder)))
        .isCloseTo(Math.log(plain / (1 - plain)) / 4, within(1e-6));
  }

  @Test
  void intentsAndSlotsHaveSeparateTemperatures() {
    Model model = TinyModels.joint();
    JointSlu.Result plain = JointSlu.of(model).parse(TEXT);
    JointSlu.Result intents =
        JointSlu.of(model.withOption(HeadOptions.TEMPERATURE, "2")).parse(TEXT);
    assertThat(odds(intents.intents())).isCloseTo(odds(plain.intents()) / 2, within(1e-6));
    assertThat(intents.labels()).isEqualTo(plain.labels());
    assertThat(intents.confidence() / intents.probability())
        .isCloseTo(plain.confidence() / plain.probability(), within(1e-9));
    JointSlu.Result slots =
        JointSlu.of(model.withOption(HeadOptions.SLOT_TEMPERATURE, "0.5")).parse(TEXT);
    assertThat(slots.intents()).isEqualTo(plain.intents());
    assertThat(slots.labels()).isEqualTo(plain.labels());
    assertThat(slots.confidence()).isGreaterThan(plain.confidence());
  }

  @Test
  void commandConfidenceCoversIntentAndAllLabels() throws Exception {
    JointSlu.Result song = JointSlu.bundled().parse("来一首周华健的花心");
    Model bundled = JointSlu.bundledModel();
    assertThat(bundled.options()).containsEntry(HeadOptions.CONSTRAINED_TAGS, "true");
    JointSlu.Result free =
        JointSlu.of(bundled.withoutOptions(HeadOptions.CONSTRAINED_TAGS)).parse("来一首周华健的花心");
    double spans = free.slots().stream().mapToDouble(Span::probability).reduce(1, (a, b) -> a * b);
    assertThat(free.confidence()).isLessThanOrEqualTo(free.probability() * spans);
    assertThat(song.labels()).isEqualTo(free.labels());
    assertThat(song.confidence())
        .as("among the allowed sequences")
        .isGreaterThan(free.confidence())
        .isLessThan(song.probability());
  }

  @Test
  void slotsDoNotCountForIntentsThatNeverHaveAny() throws Exception {
    Model model = TinyModels.joint();
    JointSlu.Result plain = JointSlu.of(model).parse(TEXT);
    String others =
        plain.intents().stream()
            .map(Score::label)
            .filter(intent -> !intent.equals(plain.intent()))
            .collect(Collectors.joining("\t"));
    assertThat(others).contains("\t");
    Model without = model.withOption(HeadOptions.INTENTS_WITHOUT_SLOTS, others);
    assertThat(JointSlu.of(without).parse(TEXT)).isEqualTo(plain);
    Model of = model.withOption(HeadOptions.INTENTS_WITHOUT_SLOTS, others + "\t" + plain.intent());
    JointSlu.Result result = JointSlu.of(of).parse(TEXT);
    assertThat(result.confidence()).isEqualTo(plain.probability()).isNotEqualTo(plain.confidence());
    assertThat(result.labels()).isEqualTo(plain.labels());
    JointSlu strict = JointSlu.of(of).withMinConfidence(plain.probability());
    assertThat(strict.parse(TEXT).refused()).isFalse();
    JointSlu.Result cancel = JointSlu.bundled().parse("取消");
    assertThat(cancel.intent()).isEqualTo("navigation.cancel_navigation");
    assertThat(cancel.confidence()).isPositive().isEqualTo(cancel.probability());
  }

  @Test
  void refusesAnswersBelowTheMinimumConfidence() {
    JointSlu slu = JointSlu.of(TinyModels.joint());
    double confidence = slu.parse(TEXT).confidence();
    assertThat(slu.parse(TEXT).refused()).isFalse();
    assertThat(slu.withMinConfidence(confidence).parse(TEXT).refused()).isFalse();
    assertThat(slu.withMinConfidence(1).parse(TEXT).refused()).isTrue();
    JointSlu strict = JointSlu.of(TinyModels.joint().withOption(HeadOptions.MIN_CONFIDENCE, "1"));
    assertThat(strict.parse(TEXT).refused()).isTrue();
    assertThat(strict.withMinConfidence(0).parse(TEXT)).isEqualTo(slu.parse(TEXT));
    Model classes = TinyModels.classifier("a", "b").withOption(HeadOptions.MIN_CONFIDENCE, "1");
    TextClassifier.Result refused = TextClassifier.of(classes).classify(TEXT);
    assertThat(refused.refused()).isTrue();
    assertThat(TextClassifier.of(classes).withMinConfidence(0.1).classify(TEXT).refused())
        .isFalse();
    assertThatThrownBy(() -> slu.withMinConfidence(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a probability from 0 to 1, got 1.5");
    ObjectNode json = new ObjectMapper().createObjectNode();
    ResultJson.add(json, refused);
    assertThat(json.path("refused").booleanValue()).isTrue();
    ResultJson.add(json.removeAll(), slu.parse(TEXT));
    assertThat(json.has("refused")).isFalse();
    assertThat(json.path("confidence").doubleValue()).isEqualTo(confidence);
  }

  @Test
  void refusesInvalidOptions() {
    Function<Model, Object> slu = JointSlu::of;
    for (String wrong : List.of("0", "-1", "NaN", "Infinity", "x")) {
      assertThatThrownBy(
              () -> slu.apply(TinyModels.joint().withOption(HeadOptions.SLOT_TEMPERATURE, wrong)))
          .isInstanceOf(WrongTaskException.class)
          .hasMessageContaining("slot_temperature")
          .hasMessageContaining(wrong);
    }
    assertThatThrownBy(
            () -> slu.apply(TinyModels.joint().withOption(HeadOptions.MIN_CONFIDENCE, "1.1")))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("min_confidence");
    assertThatThrownBy(
            () -> slu.apply(TinyModels.joint().withOption(HeadOptions.CONSTRAINED_TAGS, "True")))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("constrained_tags: expected false or true, got 'True'");
  }
}

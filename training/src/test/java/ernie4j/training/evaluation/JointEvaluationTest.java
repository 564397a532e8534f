package ernie4j.training.evaluation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.JointSlu;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.LabelledSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What counts as right, with a made-up model: 歌 begins a song and 曲 continues it, 人 and 名 do the
 * same for a singer, and the intent is music.play if there is 放.
 */
class JointEvaluationTest {
  private static final List<String> VOCABULARY =
      List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "放", "空", "歌", "曲", "人", "名");
  private static final List<String> SLOTS =
      List.of("PAD", "O", "B-song", "B-singer", "I-song", "I-singer");
  private static final int HIDDEN = VOCABULARY.size();

  private static final JointSlu SLU = JointSlu.of(model(8));

  /** Every token is a column of its own; attention adds to [CLS] the mean of all tokens. */
  private static Model model(int positions) {
    EncoderConfig config = EncoderConfig.ernie(HIDDEN, HIDDEN, 1, 1, 2, positions);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config).forEach((name, shape) -> store.put(name, start(name, shape)));
    Map<String, List<String>> labels =
        Map.of(Task.INTENT, List.of("OTHERS", "music.play"), Task.SLOT, SLOTS);
    Task.JOINT_INTENT_SLOTS
        .shapes(config, labels)
        .forEach(
            (name, shape) -> {
              if (!store.contains(name)) {
                store.put(name, Tensor.zeros(shape));
              }
            });
    for (String name :
        List.of(
            ParameterNames.WORD_EMBEDDINGS,
            LayerPart.VALUE.weight(0),
            LayerPart.OUTPUT.weight(0),
            ParameterNames.POOLER + ".weight")) {
      for (int i = 0; i < HIDDEN; i++) {
        store.get(name).data()[i * HIDDEN + i] = 1;
      }
    }
    // The column of 放 is above -0.2 at [CLS] only if it is in the text.
    set(store, HeadNames.INTENT_CLASSIFIER, "放", 1, 2, 10);
    store.get(HeadNames.INTENT_CLASSIFIER + ".bias").data()[1] = 2;
    for (String token : VOCABULARY) {
      String slot =
          switch (token) {
            case "歌" -> "B-song";
            case "曲" -> "I-song";
            case "人" -> "B-singer";
            case "名" -> "I-singer";
            default -> "O";
          };
      set(store, HeadNames.SLOT_CLASSIFIER, token, SLOTS.indexOf(slot), SLOTS.size(), 10);
    }
    return new Model(
        config,
        Task.JOINT_INTENT_SLOTS.id(),
        store,
        VOCABULARY,
        labels,
        TokenizerOptions.ernie().toMap(),
        Map.of());
  }

  private static Tensor start(String name, int[] shape) {
    Tensor tensor = Tensor.zeros(shape);
    if (shape.length == 1 && name.endsWith(".weight")) {
      Arrays.fill(tensor.data(), 1f);
    }
    return tensor;
  }

  private static void set(
      ParameterStore store, String layer, String token, int column, int columns, float value) {
    store.get(layer + ".weight").data()[VOCABULARY.indexOf(token) * columns + column] = value;
  }

  private static JointExample example(String text, String intent, LabelledSpan... slots) {
    return new JointExample(text, intent, List.of(slots));
  }

  private static final List<JointExample> EXAMPLES =
      List.of(
          example("放歌曲", "music.play", new LabelledSpan("song", 1, 3)),
          example("放歌空", "music.play", new LabelledSpan("song", 1, 3)),
          example("空歌", "music.play", new LabelledSpan("song", 1, 2)),
          example("人名", "OTHERS"));

  @Test
  void madeUpModelGivesItsIntendedAnswers() {
    assertThat(SLU.parse("放歌曲").labels()).containsExactly("O", "B-song", "I-song");
    assertThat(SLU.parse("放歌空").labels()).containsExactly("O", "B-song", "O");
    assertThat(SLU.parse("空歌").labels()).containsExactly("O", "B-song");
    assertThat(SLU.parse("人名").labels()).containsExactly("B-singer", "I-singer");
    assertThat(SLU.parse(List.of("放歌曲", "放歌空", "空歌", "人名")).stream().map(r -> r.intent()))
        .containsExactly("music.play", "music.play", "OTHERS", "OTHERS");
  }

  @Test
  void utteranceIsRightIfIntentAndEverySlotAre() {
    Map<String, Double> metrics = JointEvaluation.of(SLU, EXAMPLES).metrics();
    assertThat(metrics)
        .as("slots of OTHERS do not count")
        .containsEntry("accuracy", 50.0)
        .containsEntry("intent_accuracy", 75.0);
    // Three expected and four predicted spans, two of them the same.
    assertThat(metrics.get("slot_f1")).isCloseTo(200.0 * 2 / 7, within(1e-9));
    assertThat(JointEvaluation.of(SLU, EXAMPLES, Set.of()).metrics())
        .as("slots of OTHERS do count")
        .containsEntry("accuracy", 25.0);
  }

  @Test
  void everyIntentAndSlotIsAlsoMeasuredOnItsOwn() {
    Evaluated evaluated = JointEvaluation.of(SLU, EXAMPLES);
    assertThat(evaluated.parts()).containsOnlyKeys("intent OTHERS", "intent music.play");
    Evaluated.Part play = requireNonNull(evaluated.parts().get("intent music.play"));
    assertThat(play.examples()).isEqualTo(3);
    assertThat(play.metrics().get("accuracy")).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(play.metrics().get("intent_accuracy")).isCloseTo(200 / 3.0, within(1e-9));
    assertThat(play.metrics()).containsKey("slot_f1");
    assertThat(requireNonNull(evaluated.parts().get("intent OTHERS")).metrics())
        .as("no slot is expected here")
        .containsEntry("accuracy", 100.0)
        .doesNotContainKey("slot_f1");
    assertThat(evaluated.labels()).containsOnlyKeys("slot song", "slot singer");
    Evaluated.Measures song = requireNonNull(evaluated.labels().get("slot song"));
    assertThat(song.expected()).isEqualTo(3);
    assertThat(song.predicted()).isEqualTo(3);
    assertThat(song.f1()).isCloseTo(200 / 3.0, within(1e-9));
    assertThat(requireNonNull(evaluated.labels().get("slot singer")).precision()).isZero();
  }

  private static JointExample said(String dialogue) {
    return new JointExample("放歌", "music.play", List.of(), dialogue);
  }

  @Test
  void reportsDialoguesThatAreAlsoInTheTrainingData() {
    List<JointExample> train = List.of(said("a"), said("b"));
    assertThat(HeldOutDialogues.of(train, List.of(said("c"), said("d"))).orElseThrow().sentence())
        .isEqualTo("2 utterances of dialogues that are not in the training data");
    List<JointExample> mixed = List.of(said("a"), said("c"), said("b"));
    assertThat(HeldOutDialogues.of(train, mixed).orElseThrow().sentence())
        .isEqualTo("3 utterances, 2 of them from dialogues that are also in the training data");
    assertThat(JointEvaluation.cautions(train, mixed))
        .anyMatch(
            caution ->
                caution.contains("2 of them from dialogues that are also in the training data"));
    assertThat(JointEvaluation.cautions(train, List.of(said("c"))))
        .noneMatch(caution -> caution.contains("dialogues"));
    assertThat(HeldOutDialogues.of(List.of(said("")), mixed)).as("not known").isEmpty();
    assertThat(HeldOutDialogues.of(List.of(said("1")), List.of(said("1")))).as("all one").isEmpty();
  }

  @Test
  void outcomesShowExpectedAndFoundAnswers() {
    List<Evaluated.Outcome> outcomes = JointEvaluation.of(SLU, EXAMPLES).outcomes();
    assertThat(outcomes).hasSize(4);
    assertThat(outcomes.get(0).expected()).isEqualTo("music.play: song 歌曲");
    assertThat(outcomes.get(0).predicted()).isEqualTo("music.play: song 歌曲");
    assertThat(outcomes.get(1).predicted()).isEqualTo("music.play: song 歌");
    assertThat(outcomes.get(2).predicted()).isEqualTo("OTHERS: song 歌");
    // Its slots do not count, so it is shown as it was expected.
    assertThat(outcomes.get(3).expected()).isEqualTo("OTHERS");
    assertThat(outcomes.get(3).predicted()).isEqualTo("OTHERS");
    assertThat(JointEvaluation.of(SLU, EXAMPLES).worst(9)).hasSize(2);
  }

  /** The reference counts only tokens that the model sees. */
  @Test
  void cutOffTokensDoNotCount() {
    JointSlu shorter = JointSlu.of(model(5));
    JointExample cut = example("放空歌曲", "music.play", new LabelledSpan("song", 2, 3));
    assertThat(JointEvaluation.of(SLU, List.of(cut)).metrics()).containsEntry("accuracy", 0.0);
    assertThat(JointEvaluation.of(shorter, List.of(cut)).metrics())
        .containsEntry("accuracy", 100.0)
        .containsEntry("slot_f1", 100.0);
  }

  @Test
  void unreadableTextIsWrongAndTheOthersAreEvaluated() {
    List<JointExample> examples =
        List.of(example(" ", "OTHERS"), EXAMPLES.get(0), example("", "music.play"));
    Evaluated evaluated = JointEvaluation.of(SLU, examples);
    assertThat(evaluated.metrics().get("accuracy")).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(evaluated.metrics().get("intent_accuracy")).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(evaluated.metrics()).containsEntry("slot_f1", 100.0);
    assertThat(evaluated.outcomes()).hasSize(3);
    assertThat(evaluated.outcomes().get(0).predicted()).contains("has no tokens");
    assertThat(evaluated.outcomes().get(0).score()).isZero();
  }

  @Test
  void unknownLabelsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                JointEvaluation.of(
                    SLU, List.of(example("人", "OTHERS", new LabelledSpan("age", 0, 1)))))
        .withMessageContaining("label 'B-age' is unknown");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JointEvaluation.of(SLU, List.of(example("人", "weather"))))
        .withMessageContaining("label 'weather' is unknown; the model has [OTHERS, music.play]");
  }
}

package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of heads says what its readers need. */
class TaskTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(50, 8, 2, 2, 16, 20);
  private static final Map<String, List<String>> LABELS =
      Map.of(
          Task.LABEL, List.of("a", "b", "c"),
          Task.INTENT, List.of("x", "y"),
          Task.SLOT, List.of("PAD", "O", "B-s", "I-s"));

  @ParameterizedTest
  @EnumSource
  void everyTaskIsFoundByItsName(Task task) {
    assertThat(Task.of(task.id())).isSameAs(task);
    assertThat(Task.find(task.id())).contains(task);
  }

  @ParameterizedTest
  @EnumSource
  void shapesNameTheLayersAndThePooler(Task task) {
    Map<String, int[]> shapes = task.shapes(CONFIG, LABELS);
    assertThat(shapes.containsKey("ernie.pooler.dense.weight")).isEqualTo(task.usesPooler());
    for (String layer : task.layers()) {
      assertThat(shapes).containsKeys(layer + ".weight", layer + ".bias");
    }
    for (HeadOutput output : task.outputs()) {
      int columns =
          output.isLabelled()
              ? LABELS.getOrDefault(output.labels(), List.of()).size()
              : output.columns();
      assertThat(shapes.get(output.layer() + ".weight")).containsExactly(8, columns);
      assertThat(shapes.get(output.layer() + ".bias")).containsExactly(columns);
    }
  }

  @Test
  void headsForWholeTextsReadThePooledOutput() {
    assertThat(Arrays.stream(Task.values()).filter(Task::usesPooler))
        .containsExactly(
            Task.SEQUENCE_CLASSIFICATION,
            Task.MULTI_LABEL_CLASSIFICATION,
            Task.SCORING,
            Task.MULTIPLE_CHOICE,
            Task.JOINT_INTENT_SLOTS);
    assertThat(Task.SCORING.options()).containsExactly(HeadOptions.ACTIVATION);
  }

  @Test
  void theLanguageModelHasATransformANormAndABiasForEveryWord() {
    Map<String, int[]> shapes = Task.MASKED_LM.shapes(CONFIG, Map.of());
    assertThat(shapes.get("cls.predictions.transform.weight")).containsExactly(8, 8);
    assertThat(shapes.get("cls.predictions.layer_norm.bias")).containsExactly(8);
    assertThat(shapes.get("cls.predictions.decoder_bias")).containsExactly(50);
  }

  @Test
  void refusalNamesMissingLabelsAndUnknownTasks() {
    assertThatThrownBy(() -> Task.TOKEN_CLASSIFICATION.shapes(CONFIG, Map.of()))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("expected labels under 'label'");
    assertThatThrownBy(() -> Task.of("telepathy"))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("'telepathy' is unknown")
        .hasMessageContaining("token-classification");
    assertThat(Task.find("telepathy")).isEmpty();
  }

  @Test
  void allLayersAreThoseOfEveryTask() {
    assertThat(Task.allLayers())
        .contains(
            "classifier",
            "cls.predictions.transform",
            "intent_classifier",
            "slot_classifier",
            "linear_start",
            "linear_end");
  }

  @Test
  void oneOutputSuitsAScoreAndSeveralSuitLabels() {
    HeadOutput score = Task.SCORING.outputs().get(0);
    assertThat(score.suits(1)).isTrue();
    assertThat(score.suits(2)).isFalse();
    HeadOutput classes = Task.SEQUENCE_CLASSIFICATION.outputs().get(0);
    assertThat(classes.suits(1)).isFalse();
    assertThat(classes.suits(2)).isTrue();
  }
}

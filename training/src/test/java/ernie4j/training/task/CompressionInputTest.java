package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.training.TrainingOptions;
import ernie4j.training.model.ModelParts;
import ernie4j.training.pruning.WidthPruning;
import ernie4j.training.pruning.WidthPruningOptions;
import ernie4j.training.quantization.QatOptions;
import ernie4j.training.quantization.QatTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What compression and teachers refuse for every task, without writing anything. */
class CompressionInputTest {
  private static final TrainingOptions ONE = TinyTasks.options(1);

  @TempDir Path folder;

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  private final TaskSetup encoder = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());

  /** A model with the right head that has learned nothing. */
  private Model model(TinyObjective tiny) {
    return FineTuning.start(encoder, tiny.of(encoder, 24));
  }

  private void prune(Model model, TinyObjective tiny, double width, List<Model> teacher)
      throws IOException {
    TaskSetup setup = encoder.withModel(model);
    new WidthPruning(
            setup, tiny.of(setup, 24), WidthPruningOptions.of(List.of(0.5, width)), teacher)
        .run(ONE, folder.resolve("pruned"), List.of());
  }

  private void quantize(Model model, TinyObjective tiny, Optional<Distillation> teacher)
      throws IOException {
    TaskSetup setup = encoder.withModel(model);
    QatTask task = new QatTask(setup, tiny.of(setup, 24), QatOptions.defaults(), teacher);
    setup.trainer(task, ONE, folder.resolve("quantized")).run();
  }

  private void fineTune(TinyObjective tiny, Distillation teacher) throws IOException {
    FineTuning task = new FineTuning(encoder, tiny.of(encoder, 24), Optional.of(teacher));
    encoder.trainer(task, ONE, folder.resolve("tuned")).run();
  }

  private void assertRefused(ThrowingCallable call, String... words) {
    assertThatIllegalArgumentException()
        .isThrownBy(call)
        .satisfies(e -> assertThat(e).hasMessageContainingAll(words));
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesAModelOfAnotherTask(TinyObjective tiny) {
    Task task = tiny.of(encoder, 24).task();
    String expected = "expected a model for the task " + task + ", got one for ";
    assertRefused(() -> prune(encoder.model(), tiny, 0.75, List.of()), expected + "encoder");
    assertRefused(() -> quantize(encoder.model(), tiny, Optional.empty()), expected + "encoder");
    TinyObjective other = tiny == TinyObjective.TAG ? TinyObjective.CHOOSE : TinyObjective.TAG;
    String got = expected + other.of(encoder, 24).task();
    assertRefused(() -> prune(model(other), tiny, 0.75, List.of()), got);
    assertRefused(() -> quantize(model(other), tiny, Optional.empty()), got);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> prune(model(other), tiny, 0.75, List.of()))
        .isInstanceOf(WrongTaskException.class);
  }

  /** The labels in reverse order, or one label if there should be none. */
  private static Map<String, List<String>> others(Model model) {
    if (model.labels().isEmpty()) {
      return Map.of(Task.LABEL, List.of("x"));
    }
    String key = model.labels().keySet().iterator().next();
    List<String> turned = new ArrayList<>(model.labels().getOrDefault(key, List.of()));
    Collections.reverse(turned);
    Map<String, List<String>> labels = new TreeMap<>(model.labels());
    labels.put(key, turned);
    return labels;
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesAModelWithOtherLabels(TinyObjective tiny) {
    Model model = model(tiny);
    Model other = model.withTask(model.task(), others(model)).withOptions(model.options());
    String[] words = {
      "expected a model with the labels ", ", got " + other.labels() + "; use the examples"
    };
    assertRefused(() -> prune(other, tiny, 0.75, List.of()), words);
    assertRefused(() -> quantize(other, tiny, Optional.empty()), words);
  }

  private void assertTeacherRefused(TinyObjective tiny, Model teacher, String... words) {
    Distillation distillation = new Distillation(teacher, 1, 1);
    Model model = model(tiny);
    assertRefused(() -> prune(model, tiny, 0.75, List.of(teacher)), words);
    assertRefused(() -> quantize(model, tiny, Optional.of(distillation)), words);
    assertRefused(() -> fineTune(tiny, distillation), words);
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesATeacherOfAnotherTask(TinyObjective tiny) {
    TinyObjective other = tiny == TinyObjective.TAG ? TinyObjective.CHOOSE : TinyObjective.TAG;
    assertTeacherRefused(
        tiny,
        model(other),
        "Distillation: expected a teacher for the student's task %s, got one for %s"
            .formatted(tiny.of(encoder, 24).task(), other.of(encoder, 24).task()));
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesATeacherWithOtherLabelsOrVocabularyOrFewerPositions(TinyObjective tiny) {
    Model model = model(tiny);
    String fit = "expected a teacher with the vocabulary and the labels of the student";
    assertTeacherRefused(tiny, model.withTask(model.task(), others(model)), fit);
    List<String> turned = new ArrayList<>(model.vocabulary());
    Collections.swap(turned, 5, 6);
    assertTeacherRefused(
        tiny, model.withVocabulary(model.config(), model.parameters(), turned), fit);
    assertTeacherRefused(
        tiny,
        ModelParts.withPositions(model, 15),
        "expected a teacher with at least 16 positions, got 15");
  }

  @Test
  void refusesScoresWithAnotherActivation() {
    TinyObjective tiny = TinyObjective.SCORE;
    Model other = model(tiny).withOptions(Map.of());
    String words = "expected a model whose scores go through sigmoid, got identity";
    assertRefused(() -> prune(other, tiny, 0.75, List.of()), words);
    assertRefused(() -> quantize(other, tiny, Optional.empty()), words);
    assertTeacherRefused(tiny, other, "expected a teacher with the option activation");
  }

  @Test
  void refusesToPruneALanguageModel() {
    List<String> texts = TinyTasks.repeated(24);
    Objective objective = new MaskedLanguageObjective(encoder, 24, texts::get, 4);
    TaskSetup setup = encoder.withModel(FineTuning.start(encoder, objective));
    WidthPruningOptions half = WidthPruningOptions.of(List.of(0.5));
    assertRefused(
        () -> new WidthPruning(setup, objective, half),
        "expected an objective whose logits a teacher can give, got masked-lm");
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesAWidthThatCutsAHead(TinyObjective tiny) {
    assertRefused(() -> prune(model(tiny), tiny, 0.7, List.of()), "widths 0.25, 0.5, 0.75, 1.0");
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void refusesExamplesWithoutLabelsIfThereIsNoTeacher(TinyObjective tiny) {
    TaskSetup setup = encoder.withModel(model(tiny));
    Objective partly = tiny.partlyLabelled(setup, 24, 5);
    String words = partly.unlabelled() + " examples have no labels: expected a teacher";
    assertRefused(() -> new QatTask(setup, partly, QatOptions.defaults(), Optional.empty()), words);
    assertRefused(() -> setup.fineTune(partly, ONE, folder.resolve("tuned")), words);
  }
}

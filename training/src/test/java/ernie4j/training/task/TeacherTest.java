package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a student learns from its teacher about examples without labels. */
class TeacherTest {
  @TempDir Path folder;

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void studentLearnsFromItsTeacherWhatFewLabelsDoNotShow(TinyObjective tiny) throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, parallel);
      Objective objective = tiny.partlyLabelled(setup, 240, 6);
      Model start = FineTuning.start(setup, objective);
      double before = CompressionTest.quality(objective, objective.evaluate(start).metrics());
      assertThat(before).isLessThan(70);
      FineTuning task =
          new FineTuning(setup, objective, Optional.of(new Distillation(tiny.trained(), 1, 1)));
      TrainingOptions options = TinyTasks.options(tiny.epochs()).toBuilder().seed(1).build();
      setup.trainer(task, options, folder).run();
      Model best = ModelFile.read(folder.resolve(Trainer.MODEL));
      double after = CompressionTest.quality(objective, objective.evaluate(best).metrics());
      assertThat(after).isGreaterThan(80);
    }
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void lossIsThatOfTheLabelsPlusTheWeightedOneOfTheTeacher(TinyObjective tiny) {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());
    Objective objective = tiny.of(setup, 60);
    Model teacher = tiny.trained();
    int[] examples = {0, 5, 3};
    double labels = loss(setup, objective, Optional.empty(), examples);
    double once = loss(setup, objective, Optional.of(new Distillation(teacher, 1, 2)), examples);
    double thrice = loss(setup, objective, Optional.of(new Distillation(teacher, 3, 2)), examples);
    assertThat(once).isGreaterThan(labels);
    assertThat(thrice - labels).isCloseTo(3 * (once - labels), within(1e-4));
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void severalTeachersGiveTheMeanOfTheirLogits(TinyObjective tiny) {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());
    Objective objective = tiny.of(setup, 60);
    Model first = tiny.trained();
    Model second = FineTuning.start(setup.with(0f, 77), objective);
    int[] examples = {0, 5, 3};
    RaggedBatch batch = objective.batch(examples);
    List<List<float[]>> alone = new ArrayList<>();
    for (List<Model> teachers : List.of(List.of(first), List.of(second), List.of(first, second))) {
      FineTunedTeacher teacher =
          new FineTunedTeacher(teachers, first, setup.kernels(), setup.parallel());
      alone.add(teacher.logits(batch).stream().map(v -> v.value().clone()).toList());
    }
    for (int output = 0; output < alone.get(0).size(); output++) {
      float[] mean = alone.get(2).get(output);
      assertThat(mean).isNotEqualTo(alone.get(0).get(output));
      for (int i = 0; i < mean.length; i++) {
        float expected = (alone.get(0).get(output)[i] + alone.get(1).get(output)[i]) / 2;
        assertThat(mean[i]).isEqualTo(expected);
      }
    }
    assertThat(
            new FineTuning(
                    setup, objective, Optional.of(new Distillation(List.of(first, second), 1, 1)))
                .inputs()
                .get("teacher"))
        .isNotEqualTo(
            new FineTuning(setup, objective, Optional.of(new Distillation(first, 1, 1)))
                .inputs()
                .get("teacher"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Distillation(List.of(), 1, 1))
        .withMessageContaining("at least one teacher");
  }

  /** Nothing fits into no room, one example fits into a little, and all into the default. */
  @ParameterizedTest
  @MethodSource("labelled")
  void keptAnswersAreThoseThatTheTeacherComputesForTheBatch(TinyObjective tiny) {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());
    Objective objective = tiny.of(setup, 60);
    Model model = tiny.trained();
    FineTunedTeacher teacher =
        new FineTunedTeacher(model, model, setup.kernels(), setup.parallel());
    for (long bytes : List.of(0L, 300L, Long.MAX_VALUE)) {
      TeacherAnswers answers = new TeacherAnswers(teacher, objective, bytes);
      for (int[] examples : List.of(new int[] {0, 5, 3}, new int[] {3, 7, 0, 3}, new int[] {5})) {
        List<Variable> expected = teacher.logits(objective.batch(examples));
        List<Variable> actual = answers.of(examples);
        assertThat(actual).hasSameSizeAs(expected);
        for (int output = 0; output < expected.size(); output++) {
          assertThat(actual.get(output).rows()).isEqualTo(expected.get(output).rows());
          assertThat(actual.get(output).value()).isEqualTo(expected.get(output).value());
        }
      }
    }
  }

  /** Without dropout both passes are the same, so R-Drop adds nothing. */
  @Test
  void rDropIsTheMeanLossOfTwoPassesAndTheirDivergence() {
    int[] examples = {0, 5, 3};
    for (TinyObjective tiny : List.of(TinyObjective.CLASSIFY, TinyObjective.JOINT)) {
      TaskSetup calm = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());
      double plain = loss(calm, tiny.of(calm, 60), Optional.empty(), examples);
      assertThat(rDrop(calm, tiny.of(calm, 60), 5, examples)).isCloseTo(plain, within(1e-5));
      TaskSetup noisy = TinyTasks.setup(TinyObjective.POSITIONS, 0.3f, Parallel.serial());
      double once = rDrop(noisy, tiny.of(noisy, 60), 1e-9, examples);
      double weighted = rDrop(noisy, tiny.of(noisy, 60), 1, examples);
      double thrice = rDrop(noisy, tiny.of(noisy, 60), 3, examples);
      assertThat(weighted).isGreaterThan(once + 1e-6);
      assertThat(thrice - once).isCloseTo(3 * (weighted - once), within(1e-4));
      FineTuning task = new FineTuning(noisy, tiny.of(noisy, 60), Optional.empty(), 3);
      assertThat(task.settings()).endsWith(", R-Drop weight 3.0");
    }
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
    assertThatThrownBy(() -> rDrop(setup, TinyObjective.TAG.of(setup, 60), 1, examples))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("R-Drop: expected classes, or intents and slots, got token-classification");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rDrop(setup, TinyObjective.JOINT.of(setup, 60), -1, examples))
        .withMessageContaining("R-Drop: expected a weight of at least 0");
  }

  private static double rDrop(TaskSetup setup, Objective objective, double weight, int[] examples) {
    FineTuning task = new FineTuning(setup, objective, Optional.empty(), weight);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    tape.reset(1);
    return task.loss(tape, examples).scalar();
  }

  private static double loss(
      TaskSetup setup, Objective objective, Optional<Distillation> teacher, int[] examples) {
    FineTuning task = new FineTuning(setup, objective, teacher);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    tape.reset(1);
    return task.loss(tape, examples).scalar();
  }
}

package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a teacher teaches of examples whose labels nobody knows. */
class TeacherTest {
  @TempDir Path folder;

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void aStudentLearnsOfItsTeacherWhatTheFewLabelsDoNotSay(TinyObjective tiny) throws IOException {
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
  void theLossIsThatOfTheLabelsAndTheWeightedOneOfTheTeacher(TinyObjective tiny) {
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

  private static double loss(
      TaskSetup setup, Objective objective, Optional<Distillation> teacher, int[] examples) {
    FineTuning task = new FineTuning(setup, objective, teacher);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    tape.reset(1);
    return task.loss(tape, examples).scalar();
  }
}

package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.Labels;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every task: the same bits with any number of threads, and after an interruption. */
class ResumeTest {
  @TempDir Path folder;

  static List<TinyObjective> all() {
    return TinyObjective.all();
  }

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  private void train(
      Function<TaskSetup, FineTuning> task, int threads, Path output, boolean interrupted)
      throws IOException {
    TrainingOptions options = TinyTasks.options(3).toBuilder().evaluateEvery(2).build();
    for (int part = interrupted ? 0 : 1; part < 2; part++) {
      try (Parallel parallel = Parallel.of(threads)) {
        TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, parallel);
        Trainer trainer =
            setup.trainer(
                task.apply(setup), options, output, part == 0 ? STOPS : new TrainingListener() {});
        if (part == 0) {
          assertThatThrownBy(trainer::run).hasMessage("interrupted");
          continue;
        }
        if (interrupted) {
          trainer.resume();
        }
        trainer.run();
      }
    }
  }

  /** Ends the training in the middle of an epoch and between two checkpoints. */
  private static final TrainingListener STOPS =
      new TrainingListener() {
        @Override
        public void stepped(Progress progress) {
          if (progress.step() == 5) {
            throw new IllegalStateException("interrupted");
          }
        }
      };

  private void assertResumes(Function<TaskSetup, FineTuning> task) throws IOException {
    train(task, 1, folder.resolve("unbroken"), false);
    train(task, 3, folder.resolve("broken"), true);
    for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
      assertThat(folder.resolve("broken").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void interruptedTrainingEndsWithTheSameBits(TinyObjective tiny) throws IOException {
    assertResumes(setup -> new FineTuning(setup, tiny.of(setup, 44)));
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void aTrainingWithATeacherAndExamplesWithoutLabelsToo(TinyObjective tiny) throws IOException {
    Distillation distillation = new Distillation(tiny.trained(), 0.7, 2);
    assertResumes(
        setup ->
            new FineTuning(setup, tiny.partlyLabelled(setup, 44, 13), Optional.of(distillation)));
  }

  @Test
  void aTrainingWithATeacherDoesNotGoOnFromOneWithout() throws IOException {
    TinyObjective tiny = TinyObjective.CLASSIFY;
    train(setup -> new FineTuning(setup, tiny.of(setup, 44)), 1, folder, false);
    Distillation distillation = new Distillation(tiny.trained(), 0.7, 2);
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
    FineTuning other = new FineTuning(setup, tiny.of(setup, 44), Optional.of(distillation));
    TrainingOptions options = TinyTasks.options(3).toBuilder().evaluateEvery(2).build();
    assertThatThrownBy(() -> setup.trainer(other, options, folder).resume())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other options")
        .hasMessageContaining("distillation weight 0.7, temperature 2.0");
  }

  @Test
  void accumulatedBatchesOfARealTaskAreOneLargeBatch() throws IOException {
    TrainableParameters large =
        parameters(TinyTasks.options(1).toBuilder().batchSize(32).build(), "large");
    TrainableParameters small =
        parameters(TinyTasks.options(1).toBuilder().batchSize(8).accumulation(4).build(), "small");
    large
        .asMap()
        .forEach(
            (name, v) -> {
              // Softmax ignores the bias of the keys, so AdamW makes steps of rounding noise there.
              if (!name.endsWith("k_proj.bias")) {
                for (int i = 0; i < v.size(); i++) {
                  assertThat(small.get(name).value()[i])
                      .as("%s[%d]", name, i)
                      .isCloseTo(v.value()[i], org.assertj.core.api.Assertions.within(2e-4f));
                }
              }
            });
  }

  private TrainableParameters parameters(TrainingOptions options, String name) throws IOException {
    TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
    Objective tagging =
        new TaggingObjective(setup, Labels.ofSpans(TinyTasks.tags(85).train()), TinyTasks.tags(85));
    FineTuning task = new FineTuning(setup, tagging);
    setup.trainer(task, options, folder.resolve(name)).run();
    return task.parameters();
  }
}

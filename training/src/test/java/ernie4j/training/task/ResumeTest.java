package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Parallel;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.Labels;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every task: the same bits with any number of threads, and after an interruption. */
class ResumeTest {
  @TempDir Path folder;

  static Stream<Named<Function<TaskSetup, Objective>>> objectives() {
    List<String> texts = TinyTasks.repeated(40);
    return Stream.of(
        Named.of(
            "classify",
            s ->
                new TextClassification(
                    s, Labels.ofTexts(TinyTasks.texts(48).train()), TinyTasks.texts(48))),
        Named.of(
            "tag",
            s -> new Tagging(s, Labels.ofSpans(TinyTasks.tags(48).train()), TinyTasks.tags(48))),
        Named.of("qa", s -> new QuestionAnswering(s, TinyTasks.questions(40, 16), 6)),
        Named.of("choice", s -> new MultipleChoice(s, TinyTasks.choices(40))),
        Named.of("mlm", s -> new MaskedLanguage(s, texts.size(), texts::get, 8)));
  }

  private void train(
      Function<TaskSetup, Objective> objective, int threads, Path output, boolean interrupted)
      throws IOException {
    TrainingOptions options = TinyTasks.options(3).toBuilder().evaluateEvery(2).build();
    for (int part = interrupted ? 0 : 1; part < 2; part++) {
      try (Parallel parallel = Parallel.of(threads)) {
        TaskSetup setup = TinyTasks.setup(16, 0.1f, parallel);
        EncoderTask task = new EncoderTask(setup, objective.apply(setup));
        Trainer trainer =
            setup.trainer(task, options, output, part == 0 ? STOPS : new TrainingListener() {});
        if (interrupted && part == 1) {
          trainer.resume();
        }
        trainer.run();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("interrupted");
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

  @ParameterizedTest
  @MethodSource("objectives")
  void interruptedTrainingEndsWithTheSameBits(Function<TaskSetup, Objective> objective)
      throws IOException {
    train(objective, 1, folder.resolve("unbroken"), false);
    train(objective, 3, folder.resolve("broken"), true);
    for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
      assertThat(folder.resolve("broken").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
    }
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
        new Tagging(setup, Labels.ofSpans(TinyTasks.tags(85).train()), TinyTasks.tags(85));
    EncoderTask task = new EncoderTask(setup, tagging);
    setup.trainer(task, options, folder.resolve(name)).run();
    return task.parameters();
  }
}

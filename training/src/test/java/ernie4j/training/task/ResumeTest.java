package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.TrainingTask;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TextExample;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void interruptedTrainingWithATeacherEndsWithTheSameBits(TinyObjective tiny) throws IOException {
    Distillation distillation = new Distillation(tiny.trained(), 0.7, 2);
    assertResumes(
        setup ->
            new FineTuning(setup, tiny.partlyLabelled(setup, 44, 13), Optional.of(distillation)));
  }

  /** Stops in the middle of an epoch and during an evaluation. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stoppedTrainingContinuesToTheSameBits(boolean whileEvaluating) throws Exception {
    for (TinyObjective tiny : List.of(TinyObjective.JOINT, TinyObjective.WORDS)) {
      Path unbroken = folder.resolve("unbroken-" + tiny);
      Path broken = folder.resolve("stopped-" + tiny);
      train(setup -> new FineTuning(setup, tiny.of(setup, 44)), 1, unbroken, false);
      TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
      TrainingOptions options = TinyTasks.options(3).toBuilder().evaluateEvery(2).build();
      List<OptionalLong> stopped = new ArrayList<>();
      List<Trainer> trainers = new ArrayList<>();
      int[] evaluations = {0};
      Objective objective = tiny.of(setup, 44);
      TrainingTask task =
          whileEvaluating
              ? new EvaluationListener(
                  new FineTuning(setup, objective),
                  () -> {
                    if (++evaluations[0] == 3) {
                      stopped.add(stop(trainers.get(0)));
                    }
                  })
              : new FineTuning(setup, objective);
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void began(Trainer trainer) {
              trainers.add(trainer);
            }

            @Override
            public void stepped(Progress progress) {
              if (!whileEvaluating && progress.step() == 5) {
                stopped.add(stop(trainers.get(0)));
              }
            }
          };
      assertThatThrownBy(setup.trainer(task, options, broken, listener)::run)
          .isInstanceOf(CancellationException.class);
      assertThat(stopped).containsExactly(OptionalLong.of(whileEvaluating ? 6 : 5));
      assertThat(trainers.get(0).stop()).as("it has ended").isEmpty();
      Trainer second = setup.trainer(new FineTuning(setup, tiny.of(setup, 44)), options, broken);
      second.resume();
      second.run();
      for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
        assertThat(broken.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));
      }
    }
  }

  /** Stops from another thread, as a signal does. */
  private static OptionalLong stop(Trainer trainer) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return trainer.stop();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .join();
  }

  /** A classification; all that may differ when it is resumed is a parameter. */
  private Trainer trainer(
      TaskSetup setup, Split<TextExample> data, Optional<Distillation> teacher, int epochs) {
    Labels labels = new Labels(List.of("good", "bad", "open"));
    Objective objective = new ClassificationObjective(setup, labels, data);
    return setup.trainer(
        new FineTuning(setup, objective, teacher),
        TinyTasks.options(epochs).toBuilder().evaluateEvery(2).build(),
        folder);
  }

  private static void assertRefused(Trainer trainer, String... words) {
    assertThatThrownBy(trainer::resume)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(Trainer.CHECKPOINT)
        .hasMessageContainingAll(words);
  }

  @Test
  void checkpointIsRefusedForOtherInputs() throws IOException {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
    Split<TextExample> data = TinyTasks.texts(44);
    Distillation distillation = new Distillation(TinyObjective.CLASSIFY.trained(), 0.7, 2);
    Optional<Distillation> teacher = Optional.of(distillation);
    trainer(setup, data, teacher, 2).run();
    trainer(setup, data, teacher, 2).resume();

    List<TextExample> train = new ArrayList<>(data.train());
    train.set(3, new TextExample(train.get(3).text() + "去", null, train.get(3).label()));
    Split<TextExample> otherTrain = new Split<>(train, data.dev());
    assertRefused(trainer(setup, otherTrain, teacher, 2), "the examples changed since");
    Split<TextExample> otherDev = new Split<>(data.train(), data.dev().subList(1, 5));
    assertRefused(trainer(setup, otherDev, teacher, 2), "the examples changed since");

    Model other = TinyTasks.encoder(TinyObjective.POSITIONS);
    ParameterStore store = ParameterStore.copyOf(other.parameters());
    store.get("ernie.encoder.layers.0.linear1.weight").data()[5] += 1e-6f;
    TaskSetup changed = setup.withModel(other.withParameters(other.config(), store));
    assertRefused(trainer(changed, data, teacher, 2), "the start model changed since");

    Distillation weaker = new Distillation(TinyObjective.CLASSIFY.untrained(), 0.7, 2);
    assertRefused(trainer(setup, data, Optional.of(weaker), 2), "the teacher changed since");
  }

  @Test
  void aDamagedCheckpointIsRefused() throws IOException {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
    Split<TextExample> data = TinyTasks.texts(44);
    trainer(setup, data, Optional.empty(), 2).run();
    Path file = folder.resolve(Trainer.CHECKPOINT);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      // The first half in the header, which holds step, options and history.
      int place = random.nextInt(i < 100 ? 4000 : whole.length);
      damaged[place] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      Trainer trainer = trainer(setup, data, Optional.empty(), 2);
      assertThatThrownBy(trainer::resume).as("byte %d", place).isInstanceOf(IOException.class);
    }
    Files.write(file, whole);
    trainer(setup, data, Optional.empty(), 2).resume();
  }

  @Test
  void epochsAreExtendedOnlyOnPurpose() throws IOException {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, Parallel.serial());
    Split<TextExample> data = TinyTasks.texts(44);
    TrainingHistory first = trainer(setup, data, Optional.empty(), 2).run();
    Trainer longer = trainer(setup, data, Optional.empty(), 3);
    assertRefused(longer, "a training of 2 epochs, got 3", "on purpose");
    Trainer shorter = trainer(setup, data, Optional.empty(), 1);
    assertThatThrownBy(shorter::extend).hasMessageContaining("of 2 epochs, got 1");
    longer.extend();
    TrainingHistory all = longer.run();
    assertThat(all.evaluations().subList(0, first.evaluations().size()))
        .isEqualTo(first.evaluations());
    assertThat(all.evaluations().get(all.evaluations().size() - 1).epoch()).isEqualTo(3);
    // It is now a training of three epochs.
    trainer(setup, data, Optional.empty(), 3).resume();
    assertRefused(trainer(setup, data, Optional.empty(), 2), "a training of 3 epochs, got 2");
  }

  @Test
  void trainingWithATeacherRefusesACheckpointWithoutOne() throws IOException {
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
  void accumulatedBatchesOfARealTaskEqualOneLargeBatch() throws IOException {
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

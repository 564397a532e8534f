package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.evaluation.ClassificationEvaluation;
import ernie4j.training.evaluation.MultipleChoiceEvaluation;
import ernie4j.training.evaluation.TaggingEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One encoder learns three tasks, each model answers by itself, and resuming is exact. */
class MultiTaskTest {
  private static final Split<TextExample> TEXTS = TinyTasks.texts(240);
  private static final Split<TaggedExample> TAGS = TinyTasks.tags(120);
  private static final Split<ChoiceExample> CHOICES = TinyTasks.choices(120);

  @TempDir Path folder;

  private static MultiTask task(TaskSetup setup, double exponent) {
    Map<String, Objective> objectives = new LinkedHashMap<>();
    objectives.put(
        "texts", new ClassificationObjective(setup, Labels.ofTexts(TEXTS.train()), TEXTS));
    objectives.put("norm", new TaggingObjective(setup, Labels.ofSpans(TAGS.train()), TAGS));
    objectives.put("choices", new MultipleChoiceObjective(setup, CHOICES));
    return new MultiTask(setup, objectives, 16, exponent);
  }

  private static TrainingOptions options(int epochs) {
    return TinyTasks.options(epochs).toBuilder().batchSize(1).accumulation(2).build();
  }

  @Test
  void allTasksAreLearnedOnOneEncoder() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TaskSetup setup = TinyTasks.setup(16, 0.1f, parallel);
      MultiTask task = task(setup, 1);
      assertThat(task.examples()).isEqualTo(12 + 6 + 6);
      TrainingHistory history = setup.trainer(task, options(30), folder).run();
      assertThat(history.highest("average")).hasValue(100);
      Model texts = ModelFile.read(folder.resolve("texts.ernie"));
      Model names = ModelFile.read(folder.resolve("norm.ernie"));
      Model choices = ModelFile.read(folder.resolve("choices.ernie"));
      assertThat(
              ClassificationEvaluation.of(
                      ClassificationEvaluation.pipeline(texts, setup.kernels(), parallel),
                      TEXTS.dev())
                  .metrics())
          .containsEntry("accuracy", 100.0);
      assertThat(
              TaggingEvaluation.of(
                      TaggingEvaluation.pipeline(names, setup.kernels(), parallel), TAGS.dev())
                  .metrics())
          .containsEntry("f1", 100.0);
      assertThat(
              MultipleChoiceEvaluation.of(
                      MultipleChoiceEvaluation.pipeline(choices, setup.kernels(), parallel),
                      CHOICES.dev())
                  .metrics())
          .containsEntry("accuracy", 100.0);
      Model encoder = ModelFile.read(folder.resolve(Trainer.MODEL));
      assertThat(encoder.task()).isEqualTo("encoder");
      assertThat(encoder.parameters().names())
          .noneMatch(n -> n.contains("pooler") || n.contains("classifier") || n.contains("head"));
    }
  }

  /** The lengths identify the examples: 8 of one objective, 2 of the other, one in a batch. */
  @Test
  void everyExampleIsUsedOnceBeforeItsTaskStartsOver() {
    TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
    Map<String, Objective> objectives = new LinkedHashMap<>();
    objectives.put("eight", ofLengths(setup, 1, 8));
    objectives.put("two", ofLengths(setup, 11, 12));
    MultiTask even = new MultiTask(setup, objectives, 1, 0);
    assertThat(even.examples()).isEqualTo(10);
    Map<Integer, Integer> met = new TreeMap<>();
    for (int epoch = 0; epoch < 8; epoch++) {
      even.beginStep(epoch);
      for (int batch = 0; batch < even.examples(); batch++) {
        met.merge(even.tokens(batch) - 2, 1, Integer::sum);
      }
    }
    assertThat(met.keySet()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 11, 12);
    met.forEach((length, times) -> assertThat(times).isEqualTo(length < 10 ? 5 : 20));
    even.beginStep(0);
    assertThat(IntStream.range(0, 5).map(even::tokens).toArray()).doesNotHaveDuplicates();
  }

  private static Objective ofLengths(TaskSetup setup, int shortest, int longest) {
    List<TextExample> texts =
        IntStream.rangeClosed(shortest, longest)
            .mapToObj(n -> new TextExample("好".repeat(n), null, n % 2 == 0 ? "even" : "odd"))
            .toList();
    return new ClassificationObjective(setup, Labels.ofTexts(texts), new Split<>(texts, texts));
  }

  @Test
  void sharesGoFromProportionalToEven() {
    int[] batches = {100, 25, 1};
    assertThat(MultiTask.shares(batches, 1)).containsExactly(100, 25, 1);
    assertThat(MultiTask.shares(batches, 0.5)).containsExactly(79, 39, 8);
    assertThat(MultiTask.shares(batches, 0)).containsExactly(42, 42, 42);
    assertThat(MultiTask.shares(new int[] {1000, 1}, 1)).containsExactly(1000, 1);
  }

  @Test
  void interruptedTrainingEndsWithTheSameBits() throws IOException {
    train(1, folder.resolve("unbroken"), Long.MAX_VALUE);
    assertThatThrownBy(() -> train(3, folder.resolve("broken"), 17)).hasMessage("interrupted");
    train(2, folder.resolve("broken"), Long.MAX_VALUE);
    for (String file : new String[] {Trainer.MODEL, "norm.ernie", Trainer.CHECKPOINT}) {
      assertThat(folder.resolve("broken").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
    }
  }

  private static void train(int threads, Path output, long stop) throws IOException {
    try (Parallel parallel = Parallel.of(threads)) {
      TaskSetup setup = TinyTasks.setup(16, 0.1f, parallel);
      TrainingListener stops =
          new TrainingListener() {
            @Override
            public void stepped(Progress progress) {
              if (progress.step() == stop) {
                throw new IllegalStateException("interrupted");
              }
            }
          };
      Trainer trainer =
          setup.trainer(
              task(setup, 0.5), options(2).toBuilder().evaluateEvery(5).build(), output, stops);
      if (output.resolve(Trainer.CHECKPOINT).toFile().exists()) {
        trainer.resume();
      }
      trainer.run();
    }
  }

  @Test
  void namesThatCannotBeFilesAreRefused() {
    TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
    Objective choices = new MultipleChoiceObjective(setup, CHOICES);
    assertThatThrownBy(() -> new MultiTask(setup, Map.of("../a", choices), 4, 1))
        .hasMessageContaining("got '../a'");
    assertThatThrownBy(() -> new MultiTask(setup, Map.of("model", choices), 4, 1))
        .hasMessageContaining("other than 'model'");
    assertThatThrownBy(() -> new MultiTask(setup, Map.of(), 4, 1))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> new MultiTask(setup, Map.of("choices", choices), 4, 1.5))
        .hasMessageContaining("from 0 to 1, got 1.5");
  }

  @Test
  void examplesWithoutLabelsAreRefusedSinceThereIsNoTeacher() {
    TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
    Objective choices =
        new MultipleChoiceObjective(setup, CHOICES.withUnlabelled(CHOICES.dev().subList(0, 5)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MultiTask(setup, Map.of("choices", choices), 4, 1))
        .withMessageContaining("5 examples have no labels: expected a teacher");
  }
}

package ernie4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.slu.SluTask;
import ernie4j.training.slu.TinySlu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tiny corpus made here, learnt to the last utterance: the whole training path without real data.
 */
class TrainerTest {
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(12, 8, 5e-3, 0.1, 0.01, 1.0, 7, 3);

  @TempDir Path folder;

  private static SluTask task(Parallel parallel) {
    Model start = TinySlu.untrained();
    return new SluTask(
        start,
        TinySlu.tokenizer(start),
        TinySlu.corpus().split(0.2, 1),
        0.1f,
        Kernels.best(),
        parallel,
        Map.of("training_corpus", "made up"));
  }

  private Trainer trainer(SluTask task, Parallel parallel, String name) {
    return new Trainer(task, OPTIONS, Kernels.best(), parallel, folder.resolve(name), List.of());
  }

  @Test
  void learnsTheCorpusAndWritesModelCheckpointAndMetrics() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TrainingHistory history = trainer(task(parallel), parallel, "run").run();
      assertThat(history.best().orElseThrow().metrics().get("accuracy")).isGreaterThan(90);
      Model best = ModelFile.read(folder.resolve("run").resolve(Trainer.MODEL));
      assertThat(best.task()).isEqualTo("joint-intent-slots");
      assertThat(best.provenance()).containsEntry("training_corpus", "made up");
      assertThat(best.provenance()).containsKey("dev_accuracy");
      List<String> csv = Files.readAllLines(folder.resolve("run").resolve(Trainer.METRICS));
      assertThat(csv).hasSize(history.evaluations().size() + 1);
      assertThat(csv.get(0))
          .isEqualTo("step,epoch,learning_rate,loss,accuracy,intent_accuracy,slot_f1");
    }
  }

  @Test
  void brokenAndResumedTrainingEndsWithTheBitsOfAnUnbrokenOneWithAnyThreads() throws IOException {
    try (Parallel one = Parallel.serial();
        Parallel three = Parallel.of(3)) {
      SluTask unbroken = task(one);
      trainer(unbroken, one, "unbroken").run();
      // Stopped after step 30: the last checkpoint is that of step 28, two steps are done again.
      trainer(task(three), three, "broken").run(30);
      SluTask resumed = task(three);
      Trainer second = trainer(resumed, three, "broken");
      second.resume();
      second.run();
      unbroken
          .parameters()
          .asMap()
          .forEach(
              (name, v) ->
                  assertThat(resumed.parameters().get(name).value()).as(name).isEqualTo(v.value()));
      for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
        assertThat(folder.resolve("broken").resolve(file))
            .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
      }
    }
  }

  @Test
  void checkpointOfOtherOptionsIsRefusedByName() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      trainer(task(parallel), parallel, "run").run(7);
      Trainer other =
          new Trainer(
              task(parallel),
              TrainingOptions.defaults(),
              Kernels.best(),
              parallel,
              folder.resolve("run"),
              List.of());
      assertThatThrownBy(other::resume)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options")
          .hasMessageContaining(Trainer.CHECKPOINT);
    }
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new TrainingOptions(0, 8, 1e-3, 0, 0, 1, 1, 1))
        .hasMessageContaining("epochs");
    assertThatThrownBy(() -> new TrainingOptions(1, 8, Double.NaN, 0, 0, 1, 1, 1))
        .hasMessageContaining("learningRate");
  }
}

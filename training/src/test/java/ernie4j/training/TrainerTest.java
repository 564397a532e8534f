package ernie4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.FineTuning;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole training path without real data: a model learns all utterances of a tiny made-up
 * corpus.
 */
class TrainerTest {
  private static final TrainingOptions OPTIONS = TinySlu.options(12);

  @TempDir Path folder;

  private static FineTuning task(Parallel parallel) {
    TaskSetup setup = TinySlu.setup(TinySlu.model(3), 0.1f, parallel);
    return new FineTuning(setup, TinySlu.objective(setup));
  }

  private Trainer trainer(FineTuning task, Parallel parallel, String name) {
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
  void resumedTrainingEndsWithTheSameBitsOnAnyThreadCount() throws IOException {
    try (Parallel one = Parallel.serial();
        Parallel three = Parallel.of(3)) {
      FineTuning unbroken = task(one);
      trainer(unbroken, one, "unbroken").run();
      // Stopped after step 30: the last checkpoint is that of step 28, two steps are done again.
      trainer(task(three), three, "broken").run(30);
      FineTuning resumed = task(three);
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
  void checkpointOfOtherOptionsIsRefused() throws IOException {
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
  void invalidOptionsAreRefused() {
    assertThatThrownBy(() -> TrainingOptions.builder().epochs(0).build())
        .hasMessageContaining("epochs");
    assertThatThrownBy(() -> TrainingOptions.builder().learningRate(Double.NaN).build())
        .hasMessageContaining("learningRate");
  }

  /** Two metrics that are best at different evaluations, and a model file for each. */
  private static final class TwoMetrics implements TrainingTask {
    private static final double[][] METRICS = {{1, 5}, {3, 4}, {2, 6}, {3, 6}, {2.5, 1}};

    private final TrainableParameters parameters;
    private int evaluations;

    TwoMetrics(int evaluations) {
      this.evaluations = evaluations;
      ParameterStore store = new ParameterStore();
      store.put("w", Tensor.of(new float[] {1}, 1));
      parameters = TrainableParameters.of(store);
    }

    @Override
    public int examples() {
      return 1;
    }

    @Override
    public Variable loss(Tape tape, int[] examples) {
      return tape.meanSquaredError(parameters.get("w"), new float[] {2});
    }

    @Override
    public TrainableParameters parameters() {
      return parameters;
    }

    @Override
    public void parametersChanged() {}

    @Override
    public Map<String, Double> evaluate() {
      double[] now = METRICS[evaluations++];
      return new TreeMap<>(Map.of("first", now[0], "second", now[1]));
    }

    @Override
    public String bestMetric() {
      return "first";
    }

    @Override
    public List<KeptModel> models() {
      return List.of(
          new KeptModel("first.ernie", "first", this::now),
          new KeptModel("second.ernie", "second", this::now));
    }

    private Model now() {
      return TinySlu.model(3).withProvenance("evaluation", Integer.toString(evaluations));
    }
  }

  @Test
  void everyModelIsKeptAtItsHighestMetricEvenAfterAResume() throws IOException {
    TrainingOptions options =
        TrainingOptions.builder()
            .epochs(5)
            .batchSize(1)
            .learningRate(1e-3)
            .warmupRatio(0)
            .weightDecay(0)
            .evaluateEvery(1)
            .seed(3)
            .build();
    try (Parallel parallel = Parallel.serial()) {
      Path kept = folder.resolve("kept");
      new Trainer(new TwoMetrics(0), options, Kernels.best(), parallel, kept, List.of()).run(3);
      Trainer resumed =
          new Trainer(new TwoMetrics(3), options, Kernels.best(), parallel, kept, List.of());
      resumed.resume();
      TrainingHistory history = resumed.run();
      assertThat(history.evaluations().stream().map(TrainingListener.Evaluation::best))
          .containsExactly(true, true, false, false, false);
      assertThat(history.highest("second")).hasValue(6);
      assertThat(ModelFile.read(kept.resolve("first.ernie")).provenance())
          .containsEntry("evaluation", "2");
      assertThat(ModelFile.read(kept.resolve("second.ernie")).provenance())
          .containsEntry("evaluation", "3");
    }
  }
}

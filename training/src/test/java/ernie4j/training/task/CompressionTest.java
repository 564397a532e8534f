package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.LayerPart;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.quant.CalibrationMethod;
import ernie4j.quant.ModelQuantizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingOptions;
import ernie4j.training.pruning.WidthPruning;
import ernie4j.training.pruning.WidthPruningOptions;
import ernie4j.training.quantization.CalibratedModel;
import ernie4j.training.quantization.PostTrainingCalibration;
import ernie4j.training.quantization.QatOptions;
import ernie4j.training.quantization.QatTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pruned and quantized models of every task stay good and keep their metadata. */
class CompressionTest {
  @TempDir Path folder;

  private final Parallel parallel = Parallel.of(2);

  @AfterEach
  void close() {
    parallel.close();
  }

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  private TaskSetup setup(TinyObjective tiny) {
    return TinyTasks.setup(TinyObjective.POSITIONS, 0.1f, parallel).withModel(tiny.trained());
  }

  /** In percent. The ranks of equal scores are random, so the scores themselves are compared. */
  static double quality(Objective objective, Map<String, Double> metrics) {
    String name = metrics.containsKey("pearson") ? "pearson" : objective.bestMetric();
    return Objects.requireNonNull(metrics.get(name));
  }

  private static void assertSameKind(Model model, Model fineTuned) {
    assertThat(model.task()).isEqualTo(fineTuned.task());
    assertThat(model.labels()).isEqualTo(fineTuned.labels());
    assertThat(model.options()).isEqualTo(fineTuned.options());
    assertThat(model.config()).isEqualTo(fineTuned.config());
    assertThat(model.vocabulary()).isEqualTo(fineTuned.vocabulary());
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void prunedModelsOfTwoWidths(TinyObjective tiny) throws IOException {
    TaskSetup setup = setup(tiny).withProvenance(Map.of("compressed_by", "a test"));
    Model full = setup.model();
    Objective objective = tiny.of(setup);
    assertThat(quality(objective, objective.evaluate(full).metrics())).isGreaterThan(95);
    List<Double> widths = List.of(0.75, 0.5);
    WidthPruning pruning = new WidthPruning(setup, objective, WidthPruningOptions.of(widths));
    TrainingOptions options =
        TinyTasks.options(8).toBuilder().learningRate(3e-3).evaluateEvery(24).build();
    TrainingHistory history = pruning.run(options, folder, List.of());
    for (double width : widths) {
      Model pruned = ModelFile.read(folder.resolve(WidthPruning.modelFile(width)));
      assertSameKind(pruned, full);
      int neurons = (int) (64 * width);
      int columns = (int) (32 * width);
      for (int layer = 0; layer < 2; layer++) {
        assertThat(pruned.parameters().shape(LayerPart.EXPAND.weight(layer)))
            .containsExactly(32, neurons);
        assertThat(pruned.parameters().shape(LayerPart.CONTRACT.weight(layer)))
            .containsExactly(neurons, 32);
        assertThat(pruned.parameters().shape(LayerPart.VALUE.bias(layer))).containsExactly(columns);
      }
      objective
          .task()
          .shapes(full.config(), full.labels())
          .forEach((name, shape) -> assertThat(pruned.parameters().shape(name)).isEqualTo(shape));
      assertThat(pruned.provenance())
          .containsEntry("width", Double.toString(width))
          .containsEntry("compressed_by", "a test");
      Map<String, Double> metrics = objective.evaluate(pruned).metrics();
      assertThat(quality(objective, metrics)).as("width %s", width).isGreaterThan(90);
      // The file is the model of the evaluation with the highest metric.
      String best = objective.bestMetric();
      assertThat(metrics.get(best)).isEqualTo(history.highest(best + "_" + width).orElseThrow());
      assertThat(pruned.provenance()).containsKey("dev_" + best);
    }
    assertThat(folder.resolve(Trainer.MODEL)).doesNotExist();
  }

  /** As an int8 file, and read back. */
  private Model int8(CalibratedModel calibrated) throws IOException {
    Path file = folder.resolve("int8.ernie");
    ModelFile.write(
        file,
        ModelQuantizer.linear(
            calibrated.model(), calibrated.inputScales().keySet(), calibrated.inputScales()));
    Model read = ModelFile.read(file);
    for (String layer : calibrated.inputScales().keySet()) {
      assertThat(read.parameters().isInt8(layer + ".weight")).as(layer).isTrue();
    }
    return read;
  }

  /** How many linear layers a model has: six in each of two, those of the head and the pooler. */
  private static int layers(Objective objective) {
    return 2 * 6 + objective.task().layers().size() + (objective.task().usesPooler() ? 1 : 0);
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void modelsTrainedWithQuantization(TinyObjective tiny) throws IOException {
    TaskSetup setup = setup(tiny);
    Objective objective = tiny.of(setup);
    QatTask task = new QatTask(setup, objective, QatOptions.defaults(), Optional.empty());
    TrainingOptions options =
        TinyTasks.options(3).toBuilder().learningRate(1e-3).evaluateEvery(18).build();
    TrainingHistory history = setup.trainer(task, options, folder).run();
    CalibratedModel best = CalibratedModel.of(ModelFile.read(folder.resolve(Trainer.MODEL)));
    assertSameKind(best.model(), setup.model());
    assertThat(best.inputScales()).hasSize(layers(objective));
    Model read = int8(best);
    assertSameKind(read, setup.model());
    Map<String, Double> metrics = objective.evaluate(read).metrics();
    // The training has evaluated this very model.
    assertThat(metrics).isEqualTo(history.best().orElseThrow().metrics());
    assertThat(quality(objective, metrics)).isGreaterThan(90);
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void modelsCalibratedAfterTraining(TinyObjective tiny) throws IOException {
    TaskSetup setup = setup(tiny);
    Objective objective = tiny.of(setup);
    List<RaggedBatch> batches =
        QatTask.batches(objective, 4, 16, 3).stream().map(objective::batch).toList();
    CalibratedModel calibrated =
        PostTrainingCalibration.calibrate(
            setup.model(),
            batches,
            CalibrationMethod.AVERAGE_OF_MAXIMA,
            List.of(),
            setup.kernels(),
            parallel);
    assertThat(calibrated.inputScales()).hasSize(layers(objective));
    Model read = int8(calibrated);
    assertSameKind(read, setup.model());
    Map<String, Double> metrics = objective.evaluate(read).metrics();
    Model inMemory =
        ModelQuantizer.linear(
            calibrated.model(), calibrated.inputScales().keySet(), calibrated.inputScales());
    assertThat(objective.evaluate(inMemory).metrics()).isEqualTo(metrics);
    assertThat(quality(objective, metrics)).isGreaterThan(90);
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void examplesWithoutLabelsHelpCompression(TinyObjective tiny) throws IOException {
    TaskSetup setup = setup(tiny);
    Objective objective = tiny.partlyLabelled(setup, 120, 10);
    TrainingOptions options = TinyTasks.options(1);
    new WidthPruning(setup, objective, WidthPruningOptions.of(List.of(0.75)))
        .run(options, folder.resolve("pruned"), List.of());
    assertThat(folder.resolve("pruned").resolve(WidthPruning.modelFile(0.75))).exists();
    Distillation distillation = new Distillation(setup.model(), 1, 1);
    QatTask task = new QatTask(setup, objective, QatOptions.defaults(), Optional.of(distillation));
    TrainingHistory history = setup.trainer(task, options, folder.resolve("qat")).run();
    assertThat(quality(objective, history.best().orElseThrow().metrics())).isGreaterThan(90);
  }
}

package ernie4j.training.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.CalibrationMethod;
import ernie4j.quant.Rounding;
import ernie4j.training.TinySlu;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.task.Distillation;
import ernie4j.training.task.JointObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantization-aware training of the tiny model, from its beginning to the scales. */
class QatTaskTest {
  private static final TrainingOptions OPTIONS = TinySlu.options(12);
  private static final String CLIP = ".input_clip";

  private static final TrainingListener STOP_AFTER_30 =
      new TrainingListener() {
        @Override
        public void stepped(Progress progress) {
          if (progress.step() == 30) {
            throw new IllegalStateException("stopped");
          }
        }
      };

  @TempDir Path folder;

  static QatTask task(
      Model start, QatOptions options, Optional<Distillation> distillation, Parallel parallel) {
    TaskSetup setup = TinySlu.setup(start, 0.1f, parallel);
    return new QatTask(setup, TinySlu.objective(setup), options, distillation);
  }

  static QatTask task(QatOptions options, Parallel parallel) {
    return task(TinySlu.model(3), options, Optional.empty(), parallel);
  }

  private static QatOptions pact(double factor) {
    return QatOptions.defaults().withPact(Pact.fromCalibration(factor));
  }

  private Trainer trainer(QatTask task, Parallel parallel, String name) {
    return new Trainer(task, OPTIONS, Kernels.best(), parallel, folder.resolve(name), List.of());
  }

  @Test
  void learnsTheCorpusAndWritesRealWeightsWithScales() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      QatTask task = task(QatOptions.defaults(), parallel);
      TrainingHistory history = trainer(task, parallel, "run").run();
      assertThat(history.best().orElseThrow().metrics().get("accuracy")).isGreaterThan(90);
      Model written = ModelFile.read(folder.resolve("run").resolve(Trainer.MODEL));
      assertThat(written.provenance()).containsEntry("training_corpus", "made up");
      assertThat(written.provenance()).containsKey("dev_accuracy");
      CalibratedModel best = CalibratedModel.of(written);
      assertThat(best.inputScales()).hasSize(2 * 6 + 3);
      assertThat(best.inputScales())
          .containsEntry(
              "ernie.encoder.layers.1.self_attn.v_proj",
              best.inputScales().get("ernie.encoder.layers.1.self_attn.q_proj"));
      assertThat(best.model().parameters().names())
          .containsExactlyElementsOf(TinySlu.model(3).parameters().names());
      // Real weights lie between the codes; fake-quantized ones would not change.
      for (String layer : best.inputScales().keySet()) {
        float[] real = best.model().parameters().get(layer + ".weight").toArray();
        assertThat(best.weight(layer).dequantize().toArray()).isNotEqualTo(real);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void resumedTrainingEndsWithTheSameBitsOnAnyThreadCount(boolean pact) throws IOException {
    QatOptions options = pact ? pact(20) : QatOptions.defaults();
    try (Parallel one = Parallel.serial();
        Parallel two = Parallel.of(2)) {
      QatTask unbroken = task(options, one);
      trainer(unbroken, one, "unbroken").run();
      // Stopped after step 30: the last checkpoint is that of step 28, two steps are done again.
      Trainer broken =
          new Trainer(
              task(options, two),
              OPTIONS,
              Kernels.best(),
              two,
              folder.resolve("broken"),
              List.of(STOP_AFTER_30));
      assertThatThrownBy(broken::run).hasMessage("stopped");
      QatTask resumed = task(options, two);
      Trainer second = trainer(resumed, two, "broken");
      second.resume();
      second.run();
      assertThat(resumed.state()).isEqualTo(unbroken.state());
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
  void evaluationKeepsTheScalesAndTrainingMovesThem() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      QatTask task = task(QatOptions.defaults(), parallel);
      Map<String, Double> before = task.state();
      Map<String, Double> metrics = task.evaluate();
      assertThat(task.evaluate()).isEqualTo(metrics);
      assertThat(task.state()).isEqualTo(before);
      trainer(task, parallel, "run").run();
      assertThat(task.state()).isNotEqualTo(before);
    }
  }

  @Test
  void withoutCalibrationTheObserversStartAsInTheReference() {
    try (Parallel parallel = Parallel.serial()) {
      QatOptions options =
          new QatOptions(Rounding.HALF_AWAY_FROM_ZERO, 0.9, 0, Optional.empty(), List.of());
      QatTask task = task(options, parallel);
      assertThat(task.calibrated().inputScales().values()).containsOnly(0.001f);
      assertThat(task.state()).containsEntry("slot_classifier.observer_accumulated", 1.0);
    }
  }

  @Test
  void calibrationBeginsWithTheMaximaOfTheFloatModel() {
    Model start = TinySlu.model(3);
    try (Parallel parallel = Parallel.serial()) {
      QatOptions oneBatch =
          new QatOptions(Rounding.HALF_TO_EVEN, 0.9, 1, Optional.empty(), List.of());
      QatTask task = task(oneBatch, parallel);
      assertThat(task.state()).containsEntry("slot_classifier.observer_state", 1.0);
      TaskSetup setup = TinySlu.setup(start, 0.1f, parallel);
      JointObjective objective = TinySlu.objective(setup);
      List<int[]> batch =
          QatTask.batches(objective, 1, QatOptions.CALIBRATION_BATCH_SIZE, setup.seed());
      assertThat(batch).hasSize(1);
      assertThat(batch.get(0)).hasSize(32).doesNotHaveDuplicates();
      assertThat(task.calibrated().inputScales())
          .isEqualTo(
              PostTrainingCalibration.calibrate(
                      start,
                      List.of(objective.batch(batch.get(0))),
                      CalibrationMethod.ABS_MAX,
                      List.of(),
                      Kernels.best(),
                      parallel)
                  .inputScales());
    }
  }

  @Test
  void clipsLearnStayPositiveAndBoundTheScales() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      QatTask task = task(pact(100), parallel);
      String first = "ernie.encoder.layers.0.self_attn.q_proj";
      assertThat(task.parameters().get(first + CLIP).scalar())
          .isEqualTo(task.calibrated().inputScales().get(first));
      Map<String, Float> start = task.calibrated().inputScales();
      assertThat(task.learningRateFactor(first + CLIP)).isEqualTo(100);
      assertThat(task.learningRateFactor(first + ".weight")).isEqualTo(1);
      trainer(task, parallel, "run").run();
      int moved = 0;
      for (Map.Entry<String, Float> scale : task.calibrated().inputScales().entrySet()) {
        if (task.parameters().contains(scale.getKey() + CLIP)) {
          float clip = task.parameters().get(scale.getKey() + CLIP).scalar();
          assertThat(clip).isGreaterThanOrEqualTo(Pact.LEAST);
          assertThat(scale.getValue()).isLessThanOrEqualTo(clip);
          moved += start.containsValue(clip) ? 0 : 1;
        }
      }
      assertThat(moved).as("one clip per product, each in the optimizer").isEqualTo(2 * 4 + 3);
      assertThat(task.calibrated().toModel().parameters().names())
          .noneMatch(name -> name.endsWith(CLIP));
    }
  }

  @Test
  void excludedLayersStayFloat() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      QatOptions options =
          QatOptions.defaults()
              .withExcludedLayers(
                  List.of(
                      "ernie.encoder.layers.0.self_attn.q_proj",
                      "ernie.pooler",
                      "ernie.encoder.layers.1",
                      "slot_classifier"));
      QatTask task = task(options, parallel);
      assertThat(task.calibrated().inputScales())
          .containsOnlyKeys(
              "ernie.encoder.layers.0.self_attn.k_proj",
              "ernie.encoder.layers.0.self_attn.v_proj",
              "ernie.encoder.layers.0.self_attn.out_proj",
              "ernie.encoder.layers.0.linear1",
              "ernie.encoder.layers.0.linear2",
              "intent_classifier");
      trainer(task, parallel, "run").run();
      assertThat(task.state()).hasSize(3 * 5);
    }
  }

  @Test
  void aTeacherIsPartOfTheLossAndMustFit() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      QatTask fineTuning = task(QatOptions.defaults(), parallel);
      trainer(fineTuning, parallel, "teacher").run();
      Model teacher = fineTuning.calibrated().model();
      Distillation distillation = new Distillation(teacher, 2, 1);
      QatTask student =
          task(TinySlu.model(3), QatOptions.defaults(), Optional.of(distillation), parallel);
      TrainingHistory history = trainer(student, parallel, "student").run();
      assertThat(history.best().orElseThrow().metrics().get("accuracy")).isGreaterThan(90);
      assertThat(student.settings()).contains("distillation weight 2.0, temperature 1.0");
      assertThat(student.state()).isNotEqualTo(fineTuning.state());
      Distillation misfit =
          new Distillation(teacher.withTask(teacher.task(), Map.of("intent", List.of("a"))), 1, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> task(TinySlu.model(3), QatOptions.defaults(), Optional.of(misfit), parallel))
          .withMessageContaining("the vocabulary and the labels of the student");
      assertThatIllegalArgumentException().isThrownBy(() -> new Distillation(teacher, 0, 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Distillation(teacher, 1, Double.NaN));
    }
  }

  @Test
  void trainingCanStartFromAModelWithScales() {
    try (Parallel parallel = Parallel.serial()) {
      Model withScales = task(QatOptions.defaults(), parallel).calibrated().toModel();
      QatTask again = task(withScales, QatOptions.defaults(), Optional.empty(), parallel);
      assertThat(again.parameters().asMap())
          .containsOnlyKeys(TinySlu.model(3).parameters().names());
      assertThat(again.calibrated().toModel().parameters().names())
          .containsExactlyElementsOf(withScales.parameters().names());
    }
  }
}

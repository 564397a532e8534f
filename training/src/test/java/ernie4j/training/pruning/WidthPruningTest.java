package ernie4j.training.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.LayerPart;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.TinySlu;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.FineTuning;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage on a tiny model that has learned a tiny corpus. */
class WidthPruningTest {
  private static final TrainingOptions TRAINING =
      TinySlu.options(8).toBuilder().learningRate(3e-3).build();
  private static final WidthPruningOptions TWO = WidthPruningOptions.of(List.of(0.75, 0.25));

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Model fineTuned = TinySlu.model(4);

  @BeforeAll
  static void fineTune() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      TaskSetup setup = TinySlu.setup(fineTuned, 0.1f, parallel);
      TrainingOptions options = TinySlu.options(15).toBuilder().evaluateEvery(30).build();
      setup.trainer(new FineTuning(setup, TinySlu.objective(setup)), options, shared).run();
      fineTuned = ModelFile.read(shared.resolve(Trainer.MODEL));
    }
  }

  private static WidthPruning pruning(WidthPruningOptions options, Parallel parallel) {
    TaskSetup setup =
        TinySlu.setup(fineTuned, 0.1f, parallel).withProvenance(Map.of("compressed_by", "a test"));
    return new WidthPruning(setup, TinySlu.objective(setup), options);
  }

  private static double accuracy(Model model) {
    String accuracy = model.provenance().get("dev_accuracy");
    return Double.parseDouble(accuracy == null ? "NaN" : accuracy);
  }

  private static double metric(TrainingListener.Evaluation evaluation, String name) {
    return evaluation.metrics().getOrDefault(name, Double.NaN);
  }

  @Test
  void prunedModelsAreAsGoodAsTheFullOneAndHaveProvenance() throws IOException {
    assertThat(accuracy(fineTuned)).isGreaterThan(90);
    try (Parallel parallel = Parallel.of(2)) {
      TrainingHistory history = pruning(TWO, parallel).run(TRAINING, folder, List.of());
      assertThat(history.evaluations().get(0).metrics().keySet())
          .containsExactly(
              "accuracy",
              "accuracy_0.75",
              "intent_accuracy_0.75",
              "slot_f1_0.75",
              "accuracy_0.25",
              "intent_accuracy_0.25",
              "slot_f1_0.25");
      for (double width : TWO.widths()) {
        double highest = history.highest("accuracy_" + width).orElseThrow();
        Model model = ModelFile.read(folder.resolve(WidthPruning.modelFile(width)));
        assertThat(accuracy(model)).isCloseTo(highest, within(0.01)).isGreaterThan(90);
        assertThat(model.provenance())
            .containsEntry("width", Double.toString(width))
            .containsEntry("compressed_by", "a test");
        assertThat(model.parameters().shape(LayerPart.CONTRACT.weight(1)))
            .containsExactly((int) (48 * width), 24);
        assertThat(model.config()).isEqualTo(fineTuned.config());
      }
      history
          .evaluations()
          .forEach(
              e ->
                  assertThat(metric(e, "accuracy"))
                      .isCloseTo(
                          (metric(e, "accuracy_0.75") + metric(e, "accuracy_0.25")) / 2,
                          within(1e-9)));
    }
  }

  @Test
  void resumedTrainingEndsWithTheSameFilesOnAnyThreadCount() throws IOException {
    TrainingListener breaks =
        new TrainingListener() {
          @Override
          public void stepped(Progress progress) {
            if (progress.step() == 17) {
              throw new IllegalStateException("power cut");
            }
          }
        };
    Path broken = folder.resolve("broken");
    Path unbroken = folder.resolve("unbroken");
    try (Parallel one = Parallel.serial();
        Parallel two = Parallel.of(2)) {
      pruning(TWO, one).run(TRAINING, unbroken, List.of());
      assertThatThrownBy(() -> pruning(TWO, two).run(TRAINING, broken, List.of(breaks)))
          .hasMessage("power cut");
      pruning(TWO, two).resume(TRAINING, broken, List.of());
    }
    for (String file :
        new String[] {
          WidthPruning.modelFile(0.75),
          WidthPruning.modelFile(0.25),
          Trainer.METRICS,
          Trainer.CHECKPOINT
        }) {
      assertThat(broken.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));
    }
    assertThat(unbroken.resolve(Trainer.MODEL)).doesNotExist();
  }

  @Test
  void checkpointOfOtherWidthsIsRefused() throws IOException {
    TrainingOptions one =
        TrainingOptions.builder()
            .epochs(1)
            .learningRate(1e-3)
            .warmupRatio(0)
            .weightDecay(0)
            .seed(3)
            .build();
    try (Parallel parallel = Parallel.serial()) {
      pruning(TWO, parallel).run(one, folder, List.of());
      WidthPruning other = pruning(WidthPruningOptions.of(List.of(0.75)), parallel);
      assertThatThrownBy(() -> other.resume(one, folder, List.of()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options");
    }
  }

  @Test
  void subModelOfTheSuperNetEqualsTheExportedOne() {
    try (Parallel parallel = Parallel.of(2)) {
      WidthPruning pruning = pruning(WidthPruningOptions.of(List.of(1.0, 0.5)), parallel);
      ParameterStore ordered =
          WidthPruner.reorder(fineTuned.config(), fineTuned.parameters(), pruning.importance());
      List<SubModelShape> shapes =
          List.of(
              SubModelShape.of(fineTuned.config(), 1.0), SubModelShape.of(fineTuned.config(), 0.5));
      SuperNet superNet =
          new SuperNet(
              Task.JOINT_INTENT_SLOTS, fineTuned.config(), ordered, shapes, Kernels.best(), 0f);
      ParameterStore pruned = WidthPruner.prune(fineTuned.config(), ordered, 0.5);
      Tape tape = new Tape(Kernels.best(), parallel);
      tape.reset(1);
      List<Variable> half = forward(tape, superNet.subModel(tape, 1));
      List<Variable> exported = forward(tape, joint(pruned));
      assertThat(half.get(1).value()).isEqualTo(exported.get(1).value());
      assertThat(half.get(0).value()).isEqualTo(exported.get(0).value());
      List<Variable> full = forward(tape, superNet.subModel(tape, 0));
      List<Variable> before = forward(tape, joint(ParameterStore.copyOf(fineTuned.parameters())));
      assertThat(full.get(1).value()).containsExactly(before.get(1).value(), within(2e-5f));
      assertThat(ordered.get(LayerPart.EXPAND.weight(0)).toArray())
          .isNotEqualTo(fineTuned.parameters().get(LayerPart.EXPAND.weight(0)).toArray());
    }
  }

  @Test
  void damagedSubModelsLearnFromTheTeacherAlone() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      WidthDistillationTask task = pruning(TWO, parallel).task(disturbed(0.2f));
      TrainingOptions longer = TinySlu.options(25).toBuilder().evaluateEvery(25).build();
      assertThat(task.evaluate().get("accuracy_0.25")).isLessThan(50);
      Trainer trainer = new Trainer(task, longer, Kernels.best(), parallel, folder, List.of());
      TrainingHistory history = trainer.run();
      assertThat(history.highest("accuracy_0.25").orElseThrow()).isGreaterThan(90);
      assertThat(history.highest("accuracy_0.75").orElseThrow()).isGreaterThan(90);
    }
  }

  private static TrainableModel joint(ParameterStore store) {
    return TrainableModel.of(
        Task.JOINT_INTENT_SLOTS,
        fineTuned.config(),
        TrainableParameters.frozen(store),
        Kernels.best(),
        0f);
  }

  private static List<Variable> forward(Tape tape, TrainableModel model) {
    int[] ids = {1, 13, 5, 6, 7, 14, 15, 2};
    ModelOutputs outputs = model.forward(tape, RaggedBatch.of(ids, new int[] {1, 16, 8, 2}));
    return outputs.logits();
  }

  @Test
  void gradientsOfTheWholeLossMatchFiniteDifferences() {
    try (Parallel parallel = Parallel.of(2)) {
      WidthPruningOptions options =
          new WidthPruningOptions(
              List.of(0.5, 0.75), 0.5, 0.3, 0.1f, true, ImportanceOptions.defaults());
      WidthDistillationTask task = pruning(options, parallel).task(disturbed(0.05f));
      Tape tape = new Tape(Kernels.best(), parallel);
      task.parameters().clearGradients();
      tape.reset(5);
      tape.backward(task.loss(tape, new int[] {3, 0, 11}));
      int compared = 0;
      for (Map.Entry<String, Variable> e : task.parameters().asMap().entrySet()) {
        compared += compare(task, tape, e.getKey(), e.getValue());
      }
      assertThat(compared).isGreaterThan(300);
    }
  }

  private static ParameterStore disturbed(float deviation) {
    Random random = new Random(4);
    ParameterStore store = ParameterStore.copyOf(fineTuned.parameters());
    for (Tensor tensor : store.asMap().values()) {
      for (int i = 0; i < tensor.size(); i++) {
        tensor.data()[i] += deviation * (float) random.nextGaussian();
      }
    }
    return store;
  }

  private static int compare(WidthDistillationTask task, Tape tape, String name, Variable v) {
    double largest = 1e-2;
    for (float gradient : v.gradient()) {
      largest = Math.max(largest, Math.abs(gradient));
    }
    int compared = 0;
    for (int i = 0; i < v.size(); i += Math.max(1, v.size() / 12)) {
      float kept = v.value()[i];
      float h = 5e-3f;
      double difference = lossAt(task, tape, v, i, kept + h) - lossAt(task, tape, v, i, kept - h);
      v.value()[i] = kept;
      assertThat((double) v.gradient()[i])
          .as("%s, element %d", name, i)
          .isCloseTo(difference / (2 * h), within(3e-2 * largest));
      compared++;
    }
    return compared;
  }

  private static double lossAt(
      WidthDistillationTask task, Tape tape, Variable v, int i, float value) {
    v.value()[i] = value;
    task.parametersChanged();
    tape.reset(5);
    return task.loss(tape, new int[] {3, 0, 11}).scalar();
  }

  @Test
  void importanceDependsOnTheOptionsAndNotOnTheThreads() {
    try (Parallel one = Parallel.serial();
        Parallel two = Parallel.of(2)) {
      Importance plain = importance(ImportanceOptions.defaults(), one);
      Importance again = importance(ImportanceOptions.defaults(), two);
      assertThat(again.heads().get(1)).isEqualTo(plain.heads().get(1));
      assertThat(again.neurons().get(0)).isEqualTo(plain.neurons().get(0));
      for (ImportanceOptions other :
          List.of(
              new ImportanceOptions(true, false, 32, Integer.MAX_VALUE),
              new ImportanceOptions(false, true, 32, Integer.MAX_VALUE),
              new ImportanceOptions(false, false, 8, Integer.MAX_VALUE),
              ImportanceOptions.defaults().withExamples(40))) {
        assertThat(importance(other, two).heads().get(1))
            .as("%s", other)
            .isNotEqualTo(plain.heads().get(1));
      }
    }
  }

  private static Importance importance(ImportanceOptions options, Parallel parallel) {
    return pruning(new WidthPruningOptions(List.of(0.5), 0.1, 0, 0.1f, false, options), parallel)
        .importance();
  }

  @Test
  void invalidOptionsAreRefused() {
    assertThatThrownBy(() -> WidthPruningOptions.of(List.of()))
        .hasMessageContaining("widths: expected at least one");
    assertThatThrownBy(() -> WidthPruningOptions.of(List.of(0.5, 0.5)))
        .hasMessageContaining("widths: expected each only once");
    ImportanceOptions importance = ImportanceOptions.defaults();
    assertThatThrownBy(
            () -> new WidthPruningOptions(List.of(0.5), Double.NaN, 0, 0, false, importance))
        .hasMessageContaining("hiddenWeight");
    assertThatThrownBy(() -> new WidthPruningOptions(List.of(0.5), 1, -1, 0, false, importance))
        .hasMessageContaining("labelWeight");
    assertThatThrownBy(() -> new WidthPruningOptions(List.of(0.5), 1, 0, 1, false, importance))
        .hasMessageContaining("dropout");
    assertThatThrownBy(() -> new ImportanceOptions(false, false, 0, 1))
        .hasMessageContaining("batchSize");
    try (Parallel parallel = Parallel.serial()) {
      assertThatThrownBy(() -> pruning(WidthPruningOptions.of(List.of(0.7)), parallel))
          .hasMessageContaining("widths 0.25, 0.5, 0.75, 1.0");
    }
  }
}

package ernie4j.training.quantization;

import static ernie4j.training.quantization.QatTaskTest.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.TinySlu;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.task.FineTuning;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What quantization-aware training refuses, and with which message. */
class QatTaskInputTest {
  private static final TrainingOptions SHORT = TinySlu.options(1);

  @TempDir Path folder;

  @Test
  void exclusionsThatMatchNothingOrEverythingAreRefused() {
    try (Parallel parallel = Parallel.serial()) {
      for (String unknown : List.of("linear1", "ernie.encoder.layers.2", "slot", "ernie.", "")) {
        QatOptions options = QatOptions.defaults().withExcludedLayers(List.of(unknown));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> task(options, parallel))
            .withMessageContaining("the exclusion '" + unknown + "'")
            .withMessageContaining("slot_classifier");
      }
      QatOptions all =
          QatOptions.defaults()
              .withExcludedLayers(List.of("ernie", "intent_classifier", "slot_classifier"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> task(all, parallel))
          .withMessageContaining("leave no layer");
    }
  }

  private static Model with(String parameter, int index, float value) {
    Model model = TinySlu.model(3);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    store.get(parameter).data()[index] = value;
    return model.withParameters(model.config(), store);
  }

  @Test
  void modelsWithNaNAreRefusedByParameter() {
    try (Parallel parallel = Parallel.serial()) {
      String name = "ernie.encoder.layers.1.linear1.weight";
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  task(with(name, 7, Float.NaN), QatOptions.defaults(), Optional.empty(), parallel))
          .withMessageContaining("parameter '" + name + "'");
    }
  }

  @Test
  void divergedTrainingNamesTheLayer() {
    try (Parallel parallel = Parallel.serial()) {
      QatTask task = task(QatOptions.defaults(), parallel);
      task.parameters().get("intent_classifier.weight").value()[4] = Float.POSITIVE_INFINITY;
      task.parametersChanged();
      assertThatThrownBy(task::evaluate)
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("intent_classifier: the scale of column 1")
          .hasMessageContaining("the training diverged, try a smaller learning rate");
      task.parameters().get("ernie.encoder.layers.0.norm1.bias").value()[0] = Float.NaN;
      assertThatThrownBy(
              () -> new Trainer(task, SHORT, Kernels.best(), parallel, folder, List.of()).run())
          .isInstanceOf(ArithmeticException.class)
          .hasMessageContaining("the input of [ernie.encoder.layers.0.linear1]");
    }
  }

  @Test
  void checkpointsOfOtherTrainingsAreRefused() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      QatTask quantized = task(QatOptions.defaults(), parallel);
      new Trainer(quantized, SHORT, Kernels.best(), parallel, folder, List.of()).run();
      TaskSetup setup = TinySlu.setup(TinySlu.model(3), 0.1f, parallel);
      FineTuning plain = new FineTuning(setup, TinySlu.objective(setup));
      assertThatThrownBy(
              () -> new Trainer(plain, SHORT, Kernels.best(), parallel, folder, List.of()).resume())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options")
          .hasMessageContaining("QatOptions");
      QatTask other =
          task(QatOptions.defaults().withExcludedLayers(List.of("ernie.pooler")), parallel);
      assertThatThrownBy(
              () -> new Trainer(other, SHORT, Kernels.best(), parallel, folder, List.of()).resume())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options");
      Map<String, Double> before = other.state();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> other.restore(quantized.state()))
          .withMessageContaining("quantizes other layers");
      assertThat(other.state()).isEqualTo(before);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> plain.restore(quantized.state()))
          .withMessageContaining("another kind of training");
    }
  }

  @Test
  void invalidOptionsAreRefused() {
    QatOptions defaults = QatOptions.defaults();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QatOptions(defaults.rounding(), 1, 8, Optional.empty(), List.of()))
        .withMessageContaining("movingRate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QatOptions(defaults.rounding(), 0.9, -1, Optional.empty(), List.of()))
        .withMessageContaining("calibrationBatches");
    Optional<Pact> fromCalibration = Optional.of(Pact.fromCalibration(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QatOptions(defaults.rounding(), 0.9, 0, fromCalibration, List.of()))
        .withMessageContaining("need calibrationBatches above 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Pact.fromCalibration(0));
    assertThat(Pact.reference().initialClip()).hasValue(100);
  }
}

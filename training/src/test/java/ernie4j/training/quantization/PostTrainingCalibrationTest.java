package ernie4j.training.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.AbsMax;
import ernie4j.quant.CalibrationMethod;
import ernie4j.training.TinySlu;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.JointObjective;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostTrainingCalibrationTest {
  @TempDir Path folder;

  private static Collection<RaggedBatch> batches(Model model) {
    JointObjective objective = TinySlu.objective(TinySlu.setup(model, 0f, Parallel.serial()));
    return QatTask.batches(objective, 3, 16, 7).stream().map(objective::batch).toList();
  }

  private static CalibratedModel calibrate(
      Model model, CalibrationMethod method, List<String> excluded, int threads) {
    try (Parallel parallel = Parallel.of(threads)) {
      return PostTrainingCalibration.calibrate(
          model, batches(TinySlu.model(3)), method, excluded, Kernels.best(), parallel);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyLayerGetsAScaleOfAtMostItsMaximumWithAnyThreads(CalibrationMethod method) {
    Model model = TinySlu.model(3);
    Map<String, Float> max =
        calibrate(model, CalibrationMethod.ABS_MAX, List.of(), 1).inputScales();
    CalibratedModel calibrated = calibrate(model, method, List.of(), 1);
    assertThat(calibrated.inputScales()).hasSize(2 * 6 + 3).containsOnlyKeys(max.keySet());
    calibrated
        .inputScales()
        .forEach(
            (layer, scale) ->
                assertThat(scale)
                    .as(layer)
                    .isPositive()
                    .isLessThanOrEqualTo(Objects.requireNonNull(max.get(layer))));
    assertThat(calibrate(model, method, List.of(), 2).inputScales())
        .isEqualTo(calibrated.inputScales());
    model
        .parameters()
        .asMap()
        .forEach(
            (name, tensor) ->
                assertThat(calibrated.model().parameters().get(name).toArray())
                    .isEqualTo(tensor.toArray()));
  }

  /** Compared with the states of a pass, because the inputs are those of the float model. */
  @Test
  void scalesAreTheMaximaOfTheFloatModelsStates() {
    EncoderConfig config = EncoderConfig.ernie(30, 24, 2, 3, 48, 16);
    Model model = Model.encoder(config, RandomParameters.encoder(config, 9));
    List<RaggedBatch> batches =
        List.of(
            RaggedBatch.of(new int[] {1, 5, 7, 2}, new int[] {1, 2}),
            RaggedBatch.of(new int[] {1, 29, 28, 27, 2}));
    try (Parallel parallel = Parallel.serial()) {
      Map<String, Float> scales =
          PostTrainingCalibration.calibrate(
                  model, batches, CalibrationMethod.ABS_MAX, List.of(), Kernels.best(), parallel)
              .inputScales();
      assertThat(scales).hasSize(2 * 6).doesNotContainKey("ernie.pooler.dense");
      TrainableEncoder encoder =
          new TrainableEncoder(
              config, TrainableParameters.of(model.parameters()), Kernels.best(), 0f, 0f);
      Tape tape = new Tape(Kernels.best(), parallel);
      Map<String, Float> expected = new LinkedHashMap<>();
      for (RaggedBatch batch : batches) {
        tape.reset(0);
        TrainableEncoder.States states = encoder.forward(tape, batch);
        for (int i = 0; i < 2; i++) {
          String layer = "ernie.encoder.layers." + i + ".self_attn.";
          expected.merge(layer + "k_proj", max(states.hidden().get(i)), Math::max);
          expected.merge(layer + "out_proj", max(states.context().get(i)), Math::max);
        }
      }
      assertThat(scales).containsAllEntriesOf(expected);
    }
  }

  private static float max(Variable x) {
    return AbsMax.of(x.value(), 0, x.size());
  }

  @Test
  void resultIsWrittenAndReadAsOneModel() throws IOException {
    CalibratedModel calibrated =
        calibrate(
            TinySlu.model(3),
            CalibrationMethod.MEAN_SQUARED_ERROR,
            List.of("ernie.encoder.layers.0", "ernie.encoder.layers.1.self_attn.k_proj"),
            1);
    assertThat(calibrated.inputScales())
        .hasSize(8)
        .containsKey("ernie.encoder.layers.1.self_attn.q_proj");
    Path file = folder.resolve("calibrated.ernie");
    ModelFile.write(file, calibrated.toModel());
    CalibratedModel read = CalibratedModel.of(ModelFile.read(file));
    assertThat(read.inputScales()).isEqualTo(calibrated.inputScales());
    assertThat(read.model().parameters().names())
        .containsExactlyElementsOf(TinySlu.model(3).parameters().names());
    assertThat(read.weight("slot_classifier").codes())
        .isEqualTo(calibrated.weight("slot_classifier").codes());
    // A second calibration discards the scales of the first.
    assertThat(
            calibrate(calibrated.toModel(), CalibrationMethod.ABS_MAX, List.of(), 1)
                .model()
                .parameters()
                .names())
        .containsExactlyElementsOf(TinySlu.model(3).parameters().names());
  }

  @Test
  void missingBatchesUnknownLayersAndInfinityAreRefused() {
    Model model = TinySlu.model(3);
    try (Parallel parallel = Parallel.serial()) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  PostTrainingCalibration.calibrate(
                      model,
                      List.of(),
                      CalibrationMethod.ABS_MAX,
                      List.of(),
                      Kernels.best(),
                      parallel))
          .withMessageContaining("at least one batch");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calibrate(model, CalibrationMethod.ABS_MAX, List.of("classifier"), 1))
        .withMessageContaining("the exclusion 'classifier'");
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    store.get("slot_classifier.bias").data()[0] = Float.POSITIVE_INFINITY;
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                calibrate(
                    model.withParameters(model.config(), store),
                    CalibrationMethod.ABS_MAX,
                    List.of(),
                    1))
        .withMessageContaining("'slot_classifier.bias'");
  }

  @Test
  void scalesThatDoNotFitTheModelAreRefused() {
    Model model = TinySlu.model(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibratedModel(model, Map.of("ernie.pooler", 1f)))
        .withMessageContaining("no matrix 'ernie.pooler.weight'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CalibratedModel(model, Map.of("ernie.embeddings.layer_norm", 1f)));
    for (float bad : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new CalibratedModel(model, Map.of("slot_classifier", bad)))
          .withMessageContaining("must be a positive number");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibratedModel.of(model))
        .withMessageContaining("calibrate it");
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    store.put("slot_classifier.input_scale", Tensor.zeros(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CalibratedModel.of(model.withParameters(model.config(), store)))
        .withMessageContaining("slot_classifier.input_scale");
  }
}

package ernie4j.training.quantization;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.ActivationQuantizer;
import ernie4j.quant.FakeQuantizer;
import ernie4j.quant.MovingAverageObserver.Snapshot;
import ernie4j.quant.Rounding;
import ernie4j.training.GoldenJointObjective;
import ernie4j.training.autograd.LinearQuantization;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The joint model with fixed input scales against the expected logits, losses, gradients and codes.
 * The scale of Q differs from that of K and V, and every third scale clips.
 */
class GoldenQatTest {
  private static final Map<Integer, Rounding> TYPES =
      Map.of(0, Rounding.HALF_TO_EVEN, 1, Rounding.HALF_AWAY_FROM_ZERO);

  private final SafetensorsFile golden = Golden.file("quant.model.safetensors");

  static List<Arguments> settings() {
    List<Arguments> all = new ArrayList<>();
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (int threads : new int[] {1, 2}) {
        TYPES.keySet().forEach(type -> all.add(Arguments.of(kernels, threads, type)));
      }
    }
    return all;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Float> scales() {
    Map<String, Float> scales = new LinkedHashMap<>();
    Map<String, Object> json =
        (Map<String, Object>)
            Objects.requireNonNull(
                Golden.json("quant.model.json").get("activation_scales"), "activation_scales");
    json.forEach((name, scale) -> scales.put(name, ((Number) scale).floatValue()));
    return scales;
  }

  private static ParameterStore parameters() throws IOException {
    return GoldenModel.parameters("a.safetensors", "joint.safetensors");
  }

  /** Records the codes that an int8 layer would see, before the product of the training. */
  private record Recorded(String layer, LayerQuantization inner, Map<String, byte[]> codes)
      implements LinearQuantization {
    @Override
    public Variable input(Tape tape, Variable x) {
      byte[] layerCodes = new byte[x.size()];
      new ActivationQuantizer(inner.inputScale()).quantize(x.value(), 0, x.size(), layerCodes, 0);
      codes.put(layer, layerCodes);
      return inner.input(tape, x);
    }

    @Override
    public void weight(Tape tape, Variable weight, float[] seen) {
      inner.weight(tape, weight, seen);
    }
  }

  private static TrainableModel model(Kernels kernels, Rounding rounding, Map<String, byte[]> codes)
      throws IOException {
    EncoderConfig config = GoldenModel.config("a.json");
    TrainableModel model =
        TrainableModel.of(
            Task.JOINT_INTENT_SLOTS, config, TrainableParameters.of(parameters()), kernels, 0f);
    Map<String, Float> scales = scales();
    model.forEachLinear(
        (names, linear) ->
            linear.quantize(
                names.stream()
                    .<LinearQuantization>map(
                        name -> {
                          float scale = Objects.requireNonNull(scales.get(name), name);
                          LayerQuantization layer =
                              new LayerQuantization(
                                  List.of(name),
                                  new FakeQuantizer(rounding),
                                  0.9,
                                  new Snapshot(1, scale, scale));
                          return new Recorded(name, layer, codes);
                        })
                    .toList()));
    return model;
  }

  @ParameterizedTest(name = "{0}, {1} threads, round_type {2}")
  @MethodSource("settings")
  void logitsLossesAndGradientsAgree(Kernels kernels, int threads, int type) throws IOException {
    Map<String, byte[]> codes = new LinkedHashMap<>();
    TrainableModel model = model(kernels, Objects.requireNonNull(TYPES.get(type)), codes);
    String prefix = "qat_type" + type + ".";
    try (Parallel parallel = Parallel.of(threads)) {
      Tape tape = new Tape(kernels, parallel);
      tape.setTraining(false);
      GoldenJointObjective objective = GoldenJointObjective.of(golden, "");
      ModelOutputs outputs = objective.forward(tape, model, GoldenJointObjective.all());
      assertLogits(outputs.logits(), prefix);
      Variable intent = objective.intentLoss(tape, outputs);
      Variable slot = objective.slotLoss(tape, outputs);
      Variable loss = objective.loss(tape, outputs, GoldenJointObjective.all());
      assertClose("loss", loss.value(), golden.doubles(prefix + "loss"), 2e-6);
      assertClose("intent", intent.value(), golden.doubles(prefix + "intent_loss"), 2e-6);
      assertClose("slot", slot.value(), golden.doubles(prefix + "slot_loss"), 2e-6);
      if (type == 1) {
        tape.backward(loss);
        assertThat(golden.entries().stream().filter(e -> e.name().startsWith("qat_type1.grad.")))
            .hasSize(model.parameters().asMap().size());
        model.parameters().asMap().forEach(this::compareGradient);
      } else {
        // The same arithmetic as int8: half to even, clamped to -128..127.
        assertLogits(outputs.logits(), "int8.");
        assertThat(codes).containsOnlyKeys(scales().keySet());
        for (Map.Entry<String, byte[]> layer : codes.entrySet()) {
          assertThat(layer.getValue())
              .as(layer.getKey())
              .isEqualTo(golden.bytes("int8." + layer.getKey() + ".input_codes"));
        }
      }
    }
  }

  private void assertLogits(List<Variable> logits, String prefix) throws IOException {
    String intents = prefix + "intent_logits";
    String slots = prefix + "slot_logits";
    assertClose(intents, logits.get(0).value(), golden.doubles(intents), 2e-5);
    assertClose(slots, logits.get(1).value(), golden.doubles(slots), 2e-5);
  }

  private void compareGradient(String name, Variable variable) {
    try {
      double[] expected = golden.doubles("qat_type1.grad." + name);
      double limit = name.endsWith("k_proj.bias") ? 1e-6 : 1e-5 * largest(expected);
      assertClose("gradient of " + name, variable.gradient(), expected, limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void codesOfEveryWeightMatchTheExport() throws IOException {
    Model model = Model.encoder(GoldenModel.config("a.json"), parameters());
    CalibratedModel calibrated = new CalibratedModel(model, scales());
    for (String layer : calibrated.inputScales().keySet()) {
      Int8Weight weight = calibrated.weight(layer);
      assertThat(weight.codes()).isEqualTo(golden.bytes(layer + ".weight_codes"));
      assertThat(weight.scales()).isEqualTo(golden.floats(layer + ".weight_scale"));
    }
  }
}

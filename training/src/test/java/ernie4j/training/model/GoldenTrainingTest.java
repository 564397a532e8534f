package ernie4j.training.model;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.GoldenJointObjective;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.optimizer.AdamW;
import ernie4j.training.optimizer.LearningRateSchedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The joint model against the golden losses, gradients and AdamW steps, with and without padding.
 */
class GoldenTrainingTest {
  static List<Arguments> settings() {
    List<Arguments> all = new ArrayList<>();
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (int threads : new int[] {1, 2, 3}) {
        all.add(Arguments.of(kernels, threads));
      }
    }
    return all;
  }

  private static TrainableModel model(Kernels kernels) throws IOException {
    EncoderConfig config = GoldenModel.config("a.json");
    TrainableParameters parameters =
        TrainableParameters.of(GoldenModel.parameters("a.safetensors", "joint.safetensors"));
    return TrainableModel.of(Task.JOINT_INTENT_SLOTS, config, parameters, kernels, 0f);
  }

  private static Variable loss(TrainableModel model, Tape tape, SafetensorsFile file, String prefix)
      throws IOException {
    GoldenJointObjective objective = GoldenJointObjective.of(file, prefix);
    ModelOutputs outputs = objective.forward(tape, model, GoldenJointObjective.all());
    return objective.loss(tape, outputs, GoldenJointObjective.all());
  }

  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("settings")
  void lossesAndEveryGradientAgree(Kernels kernels, int threads) throws IOException {
    SafetensorsFile expected = Golden.file("joint.safetensors");
    SafetensorsFile gradients = Golden.file("joint.gradients.safetensors");
    TrainableModel model = model(kernels);
    try (Parallel parallel = Parallel.of(threads)) {
      Tape tape = new Tape(kernels, parallel);
      tape.reset(1);
      GoldenJointObjective objective = GoldenJointObjective.of(expected, "");
      ModelOutputs outputs = objective.forward(tape, model, GoldenJointObjective.all());
      assertThat(outputs.logits()).hasSize(2);
      Variable intents = outputs.logits().get(0);
      Variable slots = outputs.logits().get(1);
      assertClose("intents", intents.value(), expected.doubles("intent_logits"), 2e-5);
      assertClose("slots", slots.value(), expected.doubles("slot_logits"), 2e-5);
      Variable intent = objective.intentLoss(tape, outputs);
      Variable slot = objective.slotLoss(tape, outputs);
      assertClose("intent loss", intent.value(), expected.doubles("intent_loss"), 2e-6);
      assertClose("slot loss", slot.value(), expected.doubles("slot_loss"), 2e-6);
      Variable loss = objective.loss(tape, outputs, GoldenJointObjective.all());
      assertClose("loss", loss.value(), expected.doubles("loss"), 2e-6);
      tape.backward(loss);
      assertThat(gradients.entries()).hasSize(model.parameters().asMap().size());
      model.parameters().asMap().forEach((name, v) -> compare(gradients, name, v));
    }
  }

  private static void compare(SafetensorsFile gradients, String name, Variable variable) {
    try {
      double[] values = gradients.doubles(name);
      // In theory softmax ignores the bias of the keys, so its gradient is rounding noise.
      double limit = name.endsWith("k_proj.bias") ? 1e-6 : 1e-5 * largest(values);
      assertClose("gradient of " + name, variable.gradient(), values, limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("settings")
  @SuppressWarnings("unchecked")
  void fiveStepsOfAdamWAgree(Kernels kernels, int threads) throws IOException {
    Map<String, Object> json = Golden.json("adamw.json");
    Map<String, Object> options = (Map<String, Object>) get(json, "hyper_parameters");
    List<Map<String, Object>> steps = (List<Map<String, Object>>) get(json, "steps");
    SafetensorsFile file = Golden.file("adamw.safetensors");
    TrainableModel model = model(kernels);
    try (Parallel parallel = Parallel.of(threads)) {
      Tape tape = new Tape(kernels, parallel);
      AdamW optimizer =
          new AdamW(
              model.parameters().asMap(),
              new AdamW.Options(
                  number(options, "beta1"),
                  number(options, "beta2"),
                  number(options, "epsilon"),
                  number(options, "weight_decay"),
                  number(options, "max_grad_norm")),
              parallel);
      LearningRateSchedule schedule =
          LearningRateSchedule.linear(
              number(options, "learning_rate"),
              (long) number(options, "warmup_steps"),
              (long) number(options, "total_steps"));
      for (int t = 0; t < steps.size(); t++) {
        tape.reset(t);
        model.parameters().clearGradients();
        Variable loss = loss(model, tape, file, "batch" + t + ".");
        tape.backward(loss);
        Map<String, Object> step = steps.get(t);
        assertThat(schedule.at(t)).isCloseTo(number(step, "lr"), within(1e-9));
        assertClose("loss", loss.value(), new double[] {number(step, "loss")}, 5e-5);
        double norm = optimizer.step(schedule.at(t));
        model.invalidate();
        assertThat(norm / number(step, "grad_norm")).isCloseTo(1, within(1e-5));
        if (t == 1 || t == 4) {
          compareParameters(file, "step" + (t + 1) + ".", model);
        }
      }
    }
  }

  private static void compareParameters(SafetensorsFile file, String prefix, TrainableModel model)
      throws IOException {
    int compared = 0;
    for (Map.Entry<String, Variable> entry : model.parameters().asMap().entrySet()) {
      String name = entry.getKey();
      double limit = name.endsWith("k_proj.bias") ? 4e-2 : 5e-6;
      assertClose(prefix + name, entry.getValue().value(), file.doubles(prefix + name), limit);
      compared++;
    }
    long expected =
        file.entries().stream().filter(entry -> entry.name().startsWith(prefix)).count();
    assertThat(compared).isPositive().isEqualTo(Math.toIntExact(expected));
  }

  private static Object get(Map<String, Object> json, String key) {
    return Objects.requireNonNull(json.get(key), key);
  }

  private static double number(Map<String, Object> json, String key) {
    return ((Number) get(json, key)).doubleValue();
  }
}

package ernie4j.training.pruning;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;

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
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The loss of the super-net and its gradients against the golden values. The golden batch keeps its
 * pads, so the means include them, as in the original.
 */
class GoldenDistillationTest {
  private static final double[] WIDTHS = {0.5, 0.75};

  static List<Arguments> settings() {
    List<Arguments> all = new ArrayList<>();
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (int threads : new int[] {1, 2}) {
        all.add(Arguments.of(kernels, threads));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0}, {1} threads")
  @MethodSource("settings")
  void lossesLogitsAndEveryGradientAgree(Kernels kernels, int threads) throws IOException {
    EncoderConfig config = GoldenModel.config("e.json");
    SafetensorsFile file = Golden.file("distill.dynabert.safetensors");
    TrainableParameters frozen =
        TrainableParameters.frozen(GoldenModel.parameters("e.safetensors"));
    TrainableModel teacher =
        TrainableModel.of(Task.JOINT_INTENT_SLOTS, config, frozen, kernels, 0f);
    SuperNet students =
        new SuperNet(
            Task.JOINT_INTENT_SLOTS,
            config,
            GoldenModel.parameters("e.student.safetensors"),
            List.of(SubModelShape.of(config, WIDTHS[0]), SubModelShape.of(config, WIDTHS[1])),
            kernels,
            0f);
    GoldenJointObjective objective = GoldenJointObjective.of(file, "");
    DistillationLoss loss = new DistillationLoss(0.1, 0);
    try (Parallel parallel = Parallel.of(threads)) {
      Tape tape = new Tape(kernels, parallel);
      tape.reset(1);
      ModelOutputs targets =
          tape.unrecorded(() -> objective.forward(tape, teacher, GoldenJointObjective.all()));
      Variable first = loss(tape, students, 0, loss, objective, targets, file);
      tape.backward(first);
      compareGradients(file, "w0.5.grad.", students.parameters());

      students.parameters().clearGradients();
      tape.reset(2);
      ModelOutputs again =
          tape.unrecorded(() -> objective.forward(tape, teacher, GoldenJointObjective.all()));
      tape.backward(
          tape.add(
              loss(tape, students, 0, loss, objective, again, file),
              loss(tape, students, 1, loss, objective, again, file)));
      compareGradients(file, "sum.grad.", students.parameters());
    }
  }

  private static Variable loss(
      Tape tape,
      SuperNet students,
      int index,
      DistillationLoss loss,
      GoldenJointObjective objective,
      ModelOutputs teacher,
      SafetensorsFile file)
      throws IOException {
    ModelOutputs student =
        objective.forward(tape, students.subModel(tape, index), GoldenJointObjective.all());
    String w = "w" + WIDTHS[index] + ".";
    compare(file, w + "teacher_intent_logits", teacher.logits().get(0), 2e-5);
    compare(file, w + "teacher_slot_logits", teacher.logits().get(1), 2e-5);
    compare(file, w + "student_intent_logits", student.logits().get(0), 2e-5);
    compare(file, w + "student_slot_logits", student.logits().get(1), 2e-5);
    double[] errors = file.doubles(w + "mse");
    for (int i = 0; i < errors.length; i++) {
      Variable own = student.states().hidden().get(i);
      Variable error = tape.meanSquaredError(own, teacher.states().hidden().get(i));
      assertClose(w + "mse " + i, error.value(), new double[] {errors[i]}, 5e-6);
    }
    DistillationLoss.Parts parts =
        loss.of(
            tape,
            objective,
            student,
            teacher.states(),
            teacher.logits(),
            GoldenJointObjective.all());
    compare(file, w + "rep_loss", parts.hidden(), 5e-6);
    compare(file, w + "logit_loss", parts.logits(), 5e-6);
    compare(file, w + "loss", parts.total(), 5e-6);
    return parts.total();
  }

  private static void compare(SafetensorsFile file, String name, Variable actual, double limit)
      throws IOException {
    assertClose(name, actual.value(), file.doubles(name), limit);
  }

  private static void compareGradients(
      SafetensorsFile file, String prefix, TrainableParameters parameters) throws IOException {
    for (Map.Entry<String, Variable> e : parameters.asMap().entrySet()) {
      double[] expected = file.doubles(prefix + e.getKey());
      // In theory softmax ignores the bias of the keys, so its gradient is rounding noise.
      double limit = e.getKey().endsWith("k_proj.bias") ? 1e-6 : 1e-5 * largest(expected);
      assertClose(prefix + e.getKey(), e.getValue().gradient(), expected, limit);
    }
  }
}

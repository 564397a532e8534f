package ernie4j.training.distillation;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.RelationWeights;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Relation distillation of model b into model a against golden values. The golden batch is padded.
 * Here, its pads are tokens that no relation sees, so that their rows count as in the reference.
 */
class GoldenRelationTest {
  private static final int RELATION_HEADS = 2;

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  /** The named tensors {@code [sequences, heads, tokens, size]} side by side, as rows of tokens. */
  private static double[] rows(SafetensorsFile file, String... names) throws IOException {
    double[][] tensors = new double[names.length][];
    for (int i = 0; i < names.length; i++) {
      tensors[i] = file.doubles(names[i]);
    }
    int[] shape = file.entry(names[0]).shape().stream().mapToInt(Math::toIntExact).toArray();
    int heads = shape[1];
    int tokens = shape[2];
    int size = shape[3];
    double[] rows = new double[names.length * tensors[0].length];
    int at = 0;
    for (int row = 0; row < shape[0] * tokens; row++) {
      for (double[] tensor : tensors) {
        for (int h = 0; h < heads; h++) {
          int from = ((row / tokens * heads + h) * tokens + row % tokens) * size;
          System.arraycopy(tensor, from, rows, at, size);
          at += size;
        }
      }
    }
    return rows;
  }

  private static Variable variable(double[] rows, int tokens) {
    float[] values = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = (float) rows[i];
    }
    return Variable.parameter(tokens, rows.length / tokens, values);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void lossesAndGradientsOfQueryKeyAndValueAgree(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("distill.relation.safetensors");
    RaggedBatch batch = GoldenModel.batch(file, "");
    try (Parallel parallel = Parallel.of(2)) {
      Tape tape = new Tape(kernels, parallel);
      for (String x : new String[] {"q", "k", "v"}) {
        // The same matrix three times: three times its loss.
        String student = "student_" + x;
        String teacher = "teacher_" + x;
        Variable three = variable(rows(file, student, student, student), batch.tokens());
        Variable loss =
            tape.relationLoss(
                three,
                variable(rows(file, teacher, teacher, teacher), batch.tokens()),
                batch,
                RELATION_HEADS,
                0,
                RelationWeights.TOKENS);
        float third = tape.scale(loss, 1f / 3).scalar();
        assertClose("loss of " + x, new float[] {third}, file.doubles("loss_" + x), 5e-6);
      }
      tape.reset(1);
      Variable student =
          variable(rows(file, "student_q", "student_k", "student_v"), batch.tokens());
      Variable teacher =
          variable(rows(file, "teacher_q", "teacher_k", "teacher_v"), batch.tokens());
      Variable loss =
          tape.relationLoss(student, teacher, batch, RELATION_HEADS, 0, RelationWeights.TOKENS);
      assertClose("loss", loss.value(), file.doubles("loss"), 5e-6);
      tape.backward(loss);
      double[] gradient = rows(file, "grad.student_q", "grad.student_k", "grad.student_v");
      assertClose("gradient", student.gradient(), gradient, 1e-5 * largest(gradient));
      assertThat(teacher.gradient()).containsOnly(0f);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyGradientOfTheStudentAgrees(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("distill.relation.safetensors");
    RaggedBatch batch = GoldenModel.batch(file, "");
    try (Parallel parallel = Parallel.of(2)) {
      Teacher teacher =
          new Teacher(
              Model.encoder(GoldenModel.config("b.json"), GoldenModel.parameters("b.safetensors")),
              kernels,
              parallel);
      Teacher.Knowledge knowledge = teacher.read(batch);
      assertClose(
          "the teacher's query, key and value",
          knowledge.queryKeyValue().value(),
          rows(file, "teacher_q", "teacher_k", "teacher_v"),
          2e-5);
      EncoderConfig config = GoldenModel.config("a.json");
      TrainableParameters parameters =
          TrainableParameters.of(GoldenModel.parameters("a.safetensors"));
      TrainableEncoder student = new TrainableEncoder(config, parameters, kernels, 0f, 0f);
      Tape tape = new Tape(kernels, parallel);
      Variable loss =
          tape.relationLoss(
              student.forward(tape, batch).queryKeyValue().get(1),
              knowledge.queryKeyValue(),
              batch,
              RELATION_HEADS,
              0,
              RelationWeights.TOKENS);
      assertClose("loss", loss.value(), file.doubles("loss"), 5e-6);
      tape.backward(loss);
      int compared = 0;
      for (SafetensorsEntry entry : file.entries()) {
        if (entry.name().startsWith("grad.ernie.")) {
          String name = entry.name().substring("grad.".length());
          double[] expected = file.doubles(entry.name());
          boolean noise = name.equals("ernie.encoder.layers.0.self_attn.k_proj.bias");
          assertClose(
              "gradient of " + name,
              parameters.get(name).gradient(),
              expected,
              noise ? 1e-6 : 1e-5 * largest(expected));
          compared++;
        }
      }
      assertThat(compared).as("gradients of the student").isPositive();
    }
  }
}

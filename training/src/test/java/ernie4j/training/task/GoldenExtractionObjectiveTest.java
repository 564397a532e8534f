package ernie4j.training.task;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The loss of a padded batch and its gradients against golden ones. */
class GoldenExtractionObjectiveTest {
  private static final double LOSS = 1e-6;
  private static final double GRADIENT = 2e-5;

  static Stream<Kernels> kernels() {
    return KernelsUnderTest.all().stream();
  }

  private static TrainableModel model(Kernels kernels) throws IOException {
    EncoderConfig config = GoldenModel.config("uie/model.config.json");
    ParameterStore parameters = GoldenModel.parameters("uie/model.safetensors");
    return TrainableModel.of(
        Task.INFORMATION_EXTRACTION, config, TrainableParameters.of(parameters), kernels, 0f);
  }

  private static List<int[]> rows(SafetensorsFile file, String name) throws IOException {
    int[] values = file.ints(name);
    int rows = Math.toIntExact(file.entry(name).shape().get(0));
    List<int[]> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int length = values.length / rows;
      int[] one = new int[length];
      System.arraycopy(values, row * length, one, 0, length);
      all.add(one);
    }
    return all;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void lossAndGradientsOfAPaddedBatch(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("uie/model.expected.safetensors");
    RaggedBatch batch =
        RaggedBatch.of(rows(file, "input_ids"))
            .withTypeIds(rows(file, "token_type_ids"))
            .withPositionIds(rows(file, "position_ids"))
            .withAttentionMask(rows(file, "attention_mask"));
    float[] starts = floats(file.doubles("start_labels"));
    float[] ends = floats(file.doubles("end_labels"));
    TrainableModel model = model(kernels);
    Tape tape = new Tape(kernels, Parallel.serial());
    tape.reset(1);
    ModelOutputs outputs = model.forward(tape, batch);
    Variable loss = ExtractionObjective.loss(tape, outputs, starts, ends);
    assertClose("loss", loss.value(), file.doubles("full.loss"), LOSS);
    tape.backward(loss);
    int compared = 0;
    for (SafetensorsEntry entry : file.entries()) {
      String name = entry.name();
      if (name.startsWith("full.grad.")) {
        Variable parameter = model.parameters().get(name.substring("full.grad.".length()));
        double[] expected = file.doubles(name);
        assertClose(name, parameter.gradient(), expected, GRADIENT * largest(expected));
        compared++;
      }
    }
    assertThat(compared).isEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void withoutPadsTheLossIsThatOfTheTokens(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("uie/model.expected.safetensors");
    List<int[]> masks = rows(file, "attention_mask");
    int[] lengths =
        masks.stream().mapToInt(mask -> Math.toIntExact(Arrays.stream(mask).sum())).toArray();
    RaggedBatch batch =
        RaggedBatch.of(cut(rows(file, "input_ids"), lengths))
            .withTypeIds(cut(rows(file, "token_type_ids"), lengths));
    Tape tape = new Tape(kernels, Parallel.serial());
    ModelOutputs outputs = model(kernels).forward(tape, batch);
    float[] starts = cut(floats(file.doubles("start_labels")), masks);
    float[] ends = cut(floats(file.doubles("end_labels")), masks);
    assertClose(
        "loss",
        ExtractionObjective.loss(tape, outputs, starts, ends).value(),
        file.doubles("full.loss_real_positions_only"),
        LOSS);
  }

  private static List<int[]> cut(List<int[]> rows, int[] lengths) {
    List<int[]> all = new ArrayList<>();
    for (int row = 0; row < lengths.length; row++) {
      all.add(Arrays.copyOf(rows.get(row), lengths[row]));
    }
    return all;
  }

  private static float[] cut(float[] values, List<int[]> masks) {
    float[] kept = new float[masks.stream().mapToInt(mask -> Arrays.stream(mask).sum()).sum()];
    int next = 0;
    for (int row = 0; row < masks.size(); row++) {
      for (int t = 0; t < masks.get(row).length; t++) {
        if (masks.get(row)[t] == 1) {
          kept[next++] = values[row * masks.get(row).length + t];
        }
      }
    }
    return kept;
  }
}

package ernie4j.training.pruning;

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
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Importance and order of heads and neurons against the golden values, both ways of summing. */
class GoldenImportanceTest {
  static List<Arguments> settings() {
    List<Arguments> all = new ArrayList<>();
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (String kind : new String[] {"clean", "quirk"}) {
        all.add(Arguments.of(kernels, kind));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("settings")
  void importanceAndOrderAgree(Kernels kernels, String kind) throws IOException {
    EncoderConfig config = GoldenModel.config("e.json");
    SafetensorsFile file = Golden.file("dynabert.safetensors");
    TrainableParameters parameters =
        TrainableParameters.of(GoldenModel.parameters("e.safetensors"));
    TrainableModel model =
        TrainableModel.of(Task.JOINT_INTENT_SLOTS, config, parameters, kernels, 0f);
    ImportanceMeter meter = new ImportanceMeter(config, model, kind.equals("quirk"));
    try (Parallel parallel = Parallel.of(2)) {
      Tape tape = new Tape(kernels, parallel);
      for (int i = 0; i < 3; i++) {
        String prefix = "batch" + i + ".";
        tape.reset(i);
        meter.add(tape, GoldenJointObjective.of(file, prefix), GoldenJointObjective.all());
      }
    }
    Importance importance = meter.importance();
    compare(file, kind + ".head", importance.heads());
    compare(file, kind + ".neuron", importance.neurons());
    List<int[]> heads = GoldenModel.rows(file, kind + ".head_order");
    List<int[]> neurons = GoldenModel.rows(file, kind + ".neuron_order");
    for (int layer = 0; layer < config.layers(); layer++) {
      assertThat(importance.headOrder(layer)).isEqualTo(heads.get(layer));
      assertThat(importance.neuronOrder(layer)).isEqualTo(neurons.get(layer));
    }
  }

  private static void compare(SafetensorsFile file, String what, List<double[]> actual)
      throws IOException {
    double[] expected = file.doubles(what + "_importance");
    double limit = 1e-5 * GoldenModel.largest(expected);
    double[] flat = actual.stream().flatMapToDouble(Arrays::stream).toArray();
    assertThat(flat).as(what).hasSize(expected.length).containsExactly(expected, within(limit));
  }
}

package ernie4j.engine.encoder;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.batch;
import static ernie4j.engine.GoldenModel.largest;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Pooler;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenForwardTest {
  private static final List<String> CASES =
      List.of("base", "notype", "innerzero", "mask", "single", "allpad", "task");

  static List<Arguments> models() {
    List<Arguments> all = new ArrayList<>();
    for (String model : new String[] {"a", "b", "c", "d", "f"}) {
      for (Kernels kernels : KernelsUnderTest.all()) {
        all.add(Arguments.of(model, kernels));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("models")
  void everyLayerOfEveryCaseIsWithinItsLimit(String model, Kernels kernels) throws IOException {
    EncoderConfig config = GoldenModel.config(model + ".json");
    ParameterStore parameters = GoldenModel.parameters(model + ".safetensors");
    SafetensorsFile expected = Golden.file(model + ".expected.safetensors");
    Encoder encoder = Encoder.of(config, parameters, kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    int checked = 0;
    for (String name : CASES) {
      if (!expected.contains(name + ".input_ids")) {
        continue;
      }
      RaggedBatch batch = batch(expected, name + ".");
      for (int depth = 0; depth <= config.layers(); depth++) {
        String tensor = name + (depth == 0 ? ".embeddings" : ".layer" + (depth - 1));
        encoder.forward(batch, workspace, depth);
        double[] values = expected.doubles(tensor);
        assertClose(model + " " + tensor, workspace.hidden(), values, limit(model, name, values));
        checked++;
      }
      double[] pooled = expected.doubles(name + ".pooled");
      float[] actual = Pooler.of(encoder, parameters).pooled(workspace);
      assertClose(model + " " + name + ".pooled", actual, pooled, limit(model, name, pooled));
    }
    Assertions.assertThat(checked).isGreaterThanOrEqualTo(2);
  }

  private static double limit(String model, String name, double[] values) {
    boolean allPad = name.equals("allpad");
    if (model.equals("f")) {
      return (allPad ? 2e-2 : 2e-5) * largest(values);
    }
    if (allPad) {
      return 5e-3;
    }
    return model.equals("d") ? 5e-5 : 2e-5;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("models")
  void sequenceGivesTheSameBitsAloneAndInAnyBatch(String model, Kernels kernels)
      throws IOException {
    EncoderConfig config = GoldenModel.config(model + ".json");
    Encoder encoder = Encoder.of(config, GoldenModel.parameters(model + ".safetensors"), kernels);
    SafetensorsFile expected = Golden.file(model + ".expected.safetensors");
    List<int[]> sequences = new ArrayList<>();
    for (int[] row : GoldenModel.rows(expected, "base.input_ids")) {
      int[] real = Arrays.stream(row).filter(id -> id != 0).toArray();
      sequences.add(real);
      sequences.add(Arrays.copyOf(real, (real.length + 1) / 2));
    }
    EncoderWorkspace together = encoder.newWorkspace();
    EncoderWorkspace alone = encoder.newWorkspace();
    RaggedBatch batch = RaggedBatch.of(sequences);
    encoder.forward(batch, together);
    int hidden = config.hiddenSize();
    for (int s = 0; s < batch.sequences(); s++) {
      encoder.forward(RaggedBatch.of(sequences.get(s)), alone);
      int from = batch.start(s) * hidden;
      int length = batch.length(s) * hidden;
      Assertions.assertThat(Arrays.copyOf(alone.hidden(), length))
          .as("sequence %d of %s", s, batch)
          .isEqualTo(Arrays.copyOfRange(together.hidden(), from, from + length));
    }
  }
}

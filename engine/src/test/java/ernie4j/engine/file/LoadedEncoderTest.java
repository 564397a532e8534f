package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** An encoder that reads its weights from an open file or stream equals one made in memory. */
class LoadedEncoderTest {
  @Property(tries = 40)
  void loadedEncoderGivesTheSameBitsAsOneInMemory(
      @ForAll @IntRange(min = 1, max = 5) int heads,
      @ForAll @IntRange(min = 1, max = 40) int headSize,
      @ForAll @IntRange(min = 1, max = 300) int intermediate,
      @ForAll @IntRange(min = 1, max = 4) int layers,
      @ForAll long seed)
      throws IOException {
    EncoderConfig config =
        EncoderConfig.ernie(50, heads * headSize, layers, heads, intermediate, 20);
    ParameterStore parameters = random(config, new Random(seed));
    Path path = Files.createTempFile("ernie4j", ".ernie");
    try {
      ModelFile.write(path, Model.encoder(config, parameters));
      for (Kernels kernels : KernelsUnderTest.all()) {
        float[] expected = hidden(Encoder.of(config, parameters, kernels));
        assertThat(hidden(ModelFile.load(path, model -> encoder(model, kernels))))
            .isEqualTo(expected);
        assertThat(hidden(encoder(ModelFile.read(path), kernels))).isEqualTo(expected);
        try (InputStream in = Files.newInputStream(path)) {
          assertThat(hidden(ModelFile.load(in, "stream", model -> encoder(model, kernels))))
              .isEqualTo(expected);
        }
      }
    } finally {
      Files.delete(path);
    }
  }

  private static Encoder encoder(Model model, Kernels kernels) {
    return Encoder.of(model.config(), model.parameters(), kernels);
  }

  private static ParameterStore random(EncoderConfig config, Random random) {
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config)
        .forEach(
            (name, shape) -> {
              Tensor tensor = Tensor.zeros(shape);
              for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = random.nextFloat() - 0.5f;
              }
              store.put(name, tensor);
            });
    return store;
  }

  private static float[] hidden(Encoder encoder) {
    EncoderWorkspace workspace = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(new int[] {1, 4, 7, 2, 49, 3}), workspace);
    return Arrays.copyOf(workspace.hidden(), 6 * workspace.hiddenSize());
  }
}

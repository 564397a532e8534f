package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model of the size of ERNIE 3.0 Tiny nano (18 million parameters, 71 MB) goes through a file and
 * answers as before. {@code platforms/check restricted} runs this test with 256 MB of heap.
 */
class NanoSizeModelTest {
  private static final EncoderConfig NANO = EncoderConfig.ernie(40000, 312, 4, 12, 1248, 2048);

  @TempDir Path folder;

  private static ParameterStore randomParameters() {
    Random random = new Random(1);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(NANO)
        .forEach(
            (name, shape) -> {
              Tensor tensor = Tensor.zeros(shape);
              for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = (random.nextFloat() - 0.5f) * 0.1f;
              }
              store.put(name, tensor);
            });
    return store;
  }

  private static float[] hidden(ParameterSource parameters) {
    Encoder encoder = Encoder.of(NANO, parameters);
    EncoderWorkspace workspace = encoder.newWorkspace();
    int[] ids = new Random(2).ints(32, 1, NANO.vocabularySize()).toArray();
    encoder.forward(RaggedBatch.of(ids), workspace);
    return Arrays.copyOf(workspace.hidden(), ids.length * NANO.hiddenSize());
  }

  private float[] hiddenBeforeItIsWritten(Path file) throws IOException {
    ParameterStore parameters = randomParameters();
    ModelFile.write(file, Model.encoder(NANO, parameters));
    return hidden(parameters);
  }

  @Test
  void answersAfterReadingAsItDidBeforeWriting() throws IOException {
    Path file = folder.resolve("nano.ernie");
    float[] expected = hiddenBeforeItIsWritten(file);
    assertThat(hidden(ModelFile.read(file).parameters())).isEqualTo(expected);
  }
}

package ernie4j.bench.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.bench.peer.OutputCheck;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.training.model.RandomParameters;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BertOnnxGraphTest {
  @ParameterizedTest
  @CsvSource({"2, 24, 3, 40, 0", "1, 52, 2, 64, 0", "3, 64, 1, 128, 3"})
  void allGraphsGiveTheHiddenStatesOfThisProjectsEncoder(
      int layers, int hidden, int heads, int intermediate, int taskTypes) {
    EncoderConfig config =
        EncoderConfig.ernie(60, hidden, layers, heads, intermediate, 20).withTaskTypes(taskTypes);
    ParameterStore parameters = spread(RandomParameters.encoder(config, 3));

    BenchmarkModel model = new BenchmarkModel(config, parameters);
    try (EncoderUnderTest java = EncoderEngine.ERNIE4J.load(model, 1);
        EncoderUnderTest fused = EncoderEngine.ONNXRUNTIME.load(model, 1);
        EncoderUnderTest int8 = EncoderEngine.ONNXRUNTIME_INT8.load(model, 1);
        EncoderUnderTest plain = EncoderEngine.ONNXRUNTIME_PLAIN.load(model, 1)) {
      for (int length : new int[] {2, 7, 7, 20}) {
        RaggedBatch batch = RandomTokens.batch(1, length, 60);
        float[] expected = Arrays.copyOf(java.forward(batch), length * hidden);
        assertThat(plain.forward(batch)).containsExactly(expected, Offset.offset(1e-5f));
        assertThat(fused.forward(batch)).containsExactly(expected, Offset.offset(1e-5f));
        OutputCheck.DIRECTIONS.require(int8.forward(batch), expected, length, hidden);
      }
    }
  }

  /** Larger numbers everywhere, also in biases and norms, so that a wrong one shows. */
  private static ParameterStore spread(ParameterStore parameters) {
    SplittableRandom random = new SplittableRandom(5);
    for (String name : parameters.names()) {
      float[] values = parameters.get(name).data();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (0.2 * random.nextGaussian());
      }
    }
    return parameters;
  }
}

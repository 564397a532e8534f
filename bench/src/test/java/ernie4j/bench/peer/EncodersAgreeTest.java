package ernie4j.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.KernelSelection;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All engines compute the same hidden states, as closely as their number formats allow. */
class EncodersAgreeTest {
  private static final BenchmarkModel MODEL =
      BenchmarkModel.joint(EncoderConfig.ernie(50, 24, 2, 2, 48, 12));

  @ParameterizedTest
  @EnumSource
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = "amd64",
      disabledReason = "the PyTorch library on the class path is Linux x86-64's")
  void onBatchesOfOneLength(EncoderEngine engine) {
    if (engine.name().startsWith("ERNIE4J_MACHINE_CODE")) {
      Optional<String> refusal = KernelSelection.refusal("machine-code");
      Assumptions.assumeTrue(refusal.isEmpty(), () -> "skipped: " + refusal.orElseThrow());
    }
    try (EncoderUnderTest ours = EncoderEngine.ERNIE4J.load(MODEL, 1);
        EncoderUnderTest other = engine.load(MODEL, 1)) {
      for (int sequences : new int[] {1, 3}) {
        RaggedBatch batch = RandomTokens.batch(sequences, 7, 50);
        int size = sequences * 7 * 24;
        float[] expected = Arrays.copyOf(ours.forward(batch), size);
        float[] actual = Arrays.copyOf(other.forward(batch), size);
        OutputCheck.of(EncoderEngine.ERNIE4J, engine).require(expected, actual, sequences * 7, 24);
        if (engine.isExact()) {
          assertThat(actual).containsExactly(expected, Offset.offset(1e-5f));
        } else {
          assertThatThrownBy(() -> OutputCheck.ELEMENTS.require(expected, actual, 1, 24))
              .as("int8 cannot give the hidden states of float32")
              .isInstanceOf(IllegalStateException.class);
        }
      }
    }
  }

  @Test
  void otherEnginesRefuseMixedLengths() {
    RaggedBatch mixed = RaggedBatch.of(new int[] {1, 5, 2}, new int[] {1, 2});
    try (EncoderUnderTest onnx = EncoderEngine.ONNXRUNTIME.load(MODEL, 1)) {
      assertThatThrownBy(() -> onnx.forward(mixed))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("got 3 and 2 tokens");
    }
  }
}

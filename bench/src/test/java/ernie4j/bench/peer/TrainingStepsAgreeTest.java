package ernie4j.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.JointBatch;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The two sides of the training comparison compute the same thing. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the PyTorch library on the class path is Linux x86-64's")
class TrainingStepsAgreeTest {
  private static final StepOptions OPTIONS = new StepOptions(0f, 1e-3f, 0.01f, 1f, 1);

  @Test
  void withoutDropoutBothGiveTheSameLossesAndParameters() {
    BenchmarkModel start = BenchmarkModel.joint(EncoderConfig.ernie(50, 24, 2, 2, 48, 12));

    try (TrainingStepUnderTest java = new JavaTrainingStep(start, OPTIONS);
        TrainingStepUnderTest pytorch = new PyTorchTrainingStep(start, OPTIONS)) {
      for (int i = 0; i < 4; i++) {
        JointBatch batch = JointBatch.random(6, 8, 50, i);
        assertThat(java.step(batch)).isCloseTo(pytorch.step(batch), Offset.offset(1e-4f));
      }
      assertClose(java.parameters(), pytorch.parameters(), start.parameters());
    }
  }

  /**
   * AdamW turns the sign of a gradient into a step of the learning rate, so where a gradient is
   * only rounding (the keys' biases) two right answers may differ by whole steps.
   */
  private static void assertClose(
      ParameterStore java, ParameterStore pytorch, ParameterSource start) {
    assertThat(java.names()).isEqualTo(pytorch.names());
    for (String name : java.names()) {
      if (name.endsWith("k_proj.bias")) {
        continue;
      }
      assertThat(java.get(name).toArray())
          .as(name)
          .containsExactly(pytorch.get(name).toArray(), Offset.offset(1e-4f))
          .isNotEqualTo(start.get(name).toArray());
    }
  }
}

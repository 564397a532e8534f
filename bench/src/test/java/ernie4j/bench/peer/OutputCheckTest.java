package ernie4j.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OutputCheckTest {
  @Test
  void comparesElementsOnlyIfBothSidesAreExact() {
    assertThat(OutputCheck.of(EncoderEngine.ERNIE4J, EncoderEngine.ONNXRUNTIME))
        .isEqualTo(OutputCheck.ELEMENTS);
    assertThat(OutputCheck.of(EncoderEngine.ERNIE4J_INT8, EncoderEngine.ONNXRUNTIME))
        .isEqualTo(OutputCheck.DIRECTIONS);
    assertThat(OutputCheck.of(EncoderEngine.ERNIE4J, EncoderEngine.ONNXRUNTIME_INT8))
        .isEqualTo(OutputCheck.DIRECTIONS);
  }

  @Test
  void refusesElementsThatDiffer() {
    OutputCheck.requireClose(new float[] {1, 2, 9}, new float[] {1, 2.05f}, 2, 0.1f);
    assertThatThrownBy(
            () -> OutputCheck.requireClose(new float[] {1, 2}, new float[] {1, 2.5f}, 2, 0.1f))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("element 1 of 2 is 2.0 here and 2.5 there");
    assertThatThrownBy(() -> OutputCheck.requireClose(new float[1], new float[] {Float.NaN}, 1, 1f))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesATokenWithAnotherDirection() {
    float[] ours = {3, 4, 1, 0, 99};
    OutputCheck.DIRECTIONS.require(ours, new float[] {6.1f, 8, 1, 0.05f}, 2, 2);
    assertThatThrownBy(
            () -> OutputCheck.DIRECTIONS.require(ours, new float[] {3, 4, 1, 0.2f}, 2, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("token 1 of 2 have a cosine of 0.98")
        .hasMessageContaining("expected at least 0.99");
    assertThatThrownBy(() -> OutputCheck.DIRECTIONS.require(ours, new float[] {3, Float.NaN}, 1, 2))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> OutputCheck.DIRECTIONS.require(ours, new float[2], 1, 2))
        .isInstanceOf(IllegalStateException.class);
  }
}

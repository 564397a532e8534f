package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerInputTest {
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesNonFiniteValuesAndScales(float bad) {
    Tensor matrix = Tensor.of(new float[] {1, bad, 3, 4}, 2, 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ColumnQuantizer.quantize(matrix))
        .withMessageContaining("scale of column 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowQuantizer.quantize(matrix))
        .withMessageContaining("scale of row 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LogQuantizer.quantize(matrix))
        .withMessageContaining("NaN or infinity");
    assertThatIllegalArgumentException().isThrownBy(() -> new ActivationQuantizer(bad));
    FakeQuantizer fake = new FakeQuantizer(Rounding.HALF_TO_EVEN);
    assertThatIllegalArgumentException().isThrownBy(() -> fake.code(1, bad));
  }

  @Test
  void anythingButAMatrixIsRefused() {
    Tensor vector = Tensor.zeros(4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ColumnQuantizer.quantize(vector))
        .withMessageContaining("expected a matrix, got shape [4]");
    assertThatIllegalArgumentException().isThrownBy(() -> RowQuantizer.quantize(vector));
    assertThatIllegalArgumentException().isThrownBy(() -> LogQuantizer.quantize(vector));
    FakeQuantizer fake = new FakeQuantizer(Rounding.HALF_TO_EVEN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fake.applyToColumns(vector, new float[4]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fake.applyToColumns(Tensor.zeros(2, 3), new float[2]))
        .withMessageContaining("expected 3 scales");
  }

  /** With these numbers, the two orders of float32 operations end on different sides of a tie. */
  @Test
  void weightsDivideFirstAndActivationsMultiplyFirst() {
    float x = 3.7359746f;
    float scale = 3.9375f;
    assertThat(ColumnQuantizer.quantize(Tensor.of(new float[] {scale, x}, 2, 1)).codes())
        .containsExactly(127, 120);
    assertThat(RowQuantizer.quantize(Tensor.of(new float[] {scale, x}, 1, 2)).codes())
        .containsExactly(127, 120);
    assertThat(new ActivationQuantizer(scale).code(x)).isEqualTo((byte) 121);
  }

  @Test
  void quantizesZerosDenormalsAndEmptyTables() {
    Int8Weight zeros = LogQuantizer.quantize(Tensor.zeros(2, 3));
    assertThat(zeros.dictionary()).containsExactly(0);
    assertThat(zeros.dequantize().toArray()).containsOnly(0);
    float[] tiny = {Float.MIN_VALUE, 2 * Float.MIN_VALUE, 3 * Float.MIN_VALUE, -Float.MIN_VALUE};
    assertThat(LogQuantizer.quantize(Tensor.of(tiny, 2, 2)).dequantize().get(3))
        .isEqualTo(-Float.MIN_VALUE);
    assertThat(LogQuantizer.quantize(Tensor.zeros(0, 3)).dictionary()).isEmpty();
    assertThat(RowQuantizer.quantize(Tensor.zeros(2, 0)).scales()).containsExactly(0, 0);
    assertThat(ColumnQuantizer.quantize(Tensor.zeros(0, 2)).scales()).containsExactly(1e-8f, 1e-8f);
  }

  @Test
  void refusedBatchesLeaveTheObserverUnchanged() {
    MovingAverageObserver observer = new MovingAverageObserver();
    assertThat(observer.scale()).isEqualTo(0.001f);
    observer.observe(new float[] {9, -2, 1}, 1, 2);
    assertThat(observer.scale()).isEqualTo((float) (2.9 / 1.9));
    MovingAverageObserver.Snapshot before = observer.snapshot();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> observer.observe(new float[] {1, Float.NaN}, 0, 2))
        .withMessageContaining("expected a batch of finite values");
    assertThatIllegalArgumentException().isThrownBy(() -> observer.observe(new float[1], 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> observer.observe(Float.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> observer.observe(-1f));
    assertThat(observer.snapshot()).isEqualTo(before);
  }

  @Test
  void observerResumesExactlyFromItsSnapshot() {
    MovingAverageObserver straight = new MovingAverageObserver();
    straight.observe(new float[] {3}, 0, 1);
    MovingAverageObserver resumed = new MovingAverageObserver(0.9, straight.snapshot());
    straight.observe(new float[] {0.1f}, 0, 1);
    resumed.observe(new float[] {0.1f}, 0, 1);
    assertThat(resumed.snapshot()).isEqualTo(straight.snapshot());
    MovingAverageObserver empty =
        new MovingAverageObserver(0.5, MovingAverageObserver.Snapshot.EMPTY);
    empty.observe(4f);
    assertThat(empty.scale()).isEqualTo(4f);
    empty.observe(1f);
    assertThat(empty.scale()).isEqualTo(2f); // (0.5 * 4 + 1) / (0.5 + 1)
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MovingAverageObserver(1, straight.snapshot()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MovingAverageObserver.Snapshot(1, Double.NaN, 1));
  }
}

package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.kernels.Bfloat16;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Bfloat16WeightTest {
  /** No other bfloat16 number is nearer; ties go to the even one. */
  @Property
  void roundsToNearestEven(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    short rounded = Bfloat16.round(value);
    float widened = Bfloat16.widen(rounded);
    if (Float.isNaN(value)) {
      assertThat(widened).isNaN();
      return;
    }
    float below = Float.intBitsToFloat(bits & 0xffff0000); // towards zero
    int further = (bits & 0xffff0000) + 0x10000;
    if (Float.floatToRawIntBits(below) == bits) {
      assertThat(Float.floatToRawIntBits(widened)).isEqualTo(bits);
      return;
    }
    int half = (bits & 0xffff) - 0x8000;
    boolean up = half > 0 || (half == 0 && (bits & 0x10000) != 0);
    assertThat(Float.floatToRawIntBits(widened))
        .isEqualTo(up ? further : Float.floatToRawIntBits(below));
  }

  @Test
  void extremeValues() {
    assertThat(rounded(0f, -0f, 1f, 0x1.01p0f, 0x1.03p0f))
        .containsExactly(0f, -0f, 1f, 1f, 0x1.04p0f);
    assertThat(rounded(Float.MAX_VALUE, Float.NEGATIVE_INFINITY))
        .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    assertThat(rounded(Float.intBitsToFloat(0x7f800001))[0]).isNaN();
    assertThat(rounded(Float.intBitsToFloat(0xffffffff))[0]).isNaN();
  }

  private static float[] rounded(float... values) {
    return Bfloat16Weight.of(Tensor.of(values, values.length)).floats().toArray();
  }

  @Test
  void readsAPart() {
    Bfloat16Weight weight = Bfloat16Weight.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    float[] into = new float[4];
    weight.read(2, 3, into, 1);
    assertThat(into).containsExactly(0, 3, 4, 5);
    assertThat(weight.shape()).containsExactly(2, 3);
    assertThatThrownBy(() -> weight.read(4, 3, into, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> weight.read(0, 3, into, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new Bfloat16Weight(new short[5], 2, 3))
        .hasMessageContaining("expected 6 values for shape [2, 3], got 5");
  }
}

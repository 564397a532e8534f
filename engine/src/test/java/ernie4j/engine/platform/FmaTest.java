package ernie4j.engine.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The substitute for {@link Math#fma(float, float, float)} gives the same bits. */
class FmaTest {
  private static final float[] EDGES = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Math.nextUp(1f),
    Math.nextDown(1f),
    0x1p-24f,
    0x1p-75f,
    -0x1p-75f,
    0x1p64f,
    16_777_215f
  };

  @Property(tries = 10_000)
  void anyFloats(@ForAll float a, @ForAll float b, @ForAll float c) {
    assertSame(a, b, c);
  }

  @Test
  void anyBits() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000_000; i++) {
      assertSame(
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()),
          Float.intBitsToFloat(random.nextInt()));
    }
  }

  /** Sums near the product cancel; those a little away from it are rounded. */
  @Test
  void sumsOfSimilarSize() {
    Random random = new Random(8);
    for (int i = 0; i < 2_000_000; i++) {
      float a = (random.nextFloat() - 0.5f) * Math.scalb(1f, random.nextInt(40) - 20);
      float b = (random.nextFloat() - 0.5f) * Math.scalb(1f, random.nextInt(40) - 20);
      float c = -a * b * Math.scalb(1f + random.nextFloat(), random.nextInt(60) - 30);
      assertSame(a, b, c);
    }
  }

  @Test
  void edges() {
    for (float a : EDGES) {
      for (float b : EDGES) {
        for (float c : EDGES) {
          assertSame(a, b, c);
        }
      }
    }
  }

  /** The product is half a last place above 1, and c so small that a double loses it. */
  @Test
  void aSumIsNotRoundedTwice() {
    float a = 1f + 0x1p-12f;
    float b = 1f + 0x1p-12f;
    float tie = 0x1p-80f;
    // a b = 1 + 2^-11 + 2^-24: exactly between two floats, and c decides.
    assertThat((float) ((double) a * b + tie)).isNotEqualTo(Math.fma(a, b, tie));
    assertSame(a, b, tie);
    assertSame(a, b, -tie);
    assertSame(-a, b, tie);
    assertSame(-a, b, -tie);
  }

  private static void assertSame(float a, float b, float c) {
    float expected = Math.fma(a, b, c);
    float actual = Fma.exact(a, b, c);
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertThat(actual).as("%s * %s + %s", a, b, c).isEqualTo(expected);
      // Zeros of different signs are equal to AssertJ.
      assertThat(Float.floatToIntBits(actual)).isEqualTo(Float.floatToIntBits(expected));
    }
  }
}

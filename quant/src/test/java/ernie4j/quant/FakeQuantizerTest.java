package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Compares the loops that C2 vectorizes with the definition of rounding, bit for bit. */
class FakeQuantizerTest {
  private static final int VALUES = 37;

  /** The formula with the rounding functions of the JDK, in float64 where they need it. */
  private static float defined(float x, float scale, Rounding rounding) {
    float inverse = scale <= 1e-30f ? 1 / (scale + 1e-6f) : 1 / scale;
    float code;
    if (rounding == Rounding.HALF_TO_EVEN) {
      float rounded = (float) Math.rint(127 * inverse * x);
      code = Math.min(Math.max(rounded, -128), 127);
    } else {
      float clamped = Math.min(Math.max(x, -scale), scale);
      double steps = 127 * inverse * clamped;
      code = (float) Math.copySign(Math.floor(Math.abs(steps) + 0.5), steps);
    }
    return (code + 0f) * scale / 127; // -0 + 0 = +0
  }

  @Property(tries = 3000)
  void everyValueIsRoundedAsDefined(
      @ForAll("values") @Size(VALUES) float[] x,
      @ForAll("scales") float scale,
      @ForAll Rounding rounding,
      @ForAll @IntRange(max = 5) int from) {
    float[] y = x.clone();
    new FakeQuantizer(rounding).apply(x, y, from, VALUES - 1, scale);
    for (int i = 0; i < VALUES; i++) {
      boolean inside = i >= from && i < VALUES - 1;
      assertThat(Float.floatToIntBits(y[i]))
          .as("value %s (index %d), scale %s", x[i], i, scale)
          .isEqualTo(Float.floatToIntBits(inside ? defined(x[i], scale, rounding) : x[i]));
    }
    float[] inPlace = x.clone();
    new FakeQuantizer(rounding).apply(inPlace, inPlace, from, VALUES - 1, scale);
    assertThat(inPlace).isEqualTo(y);
  }

  @Property(tries = 1000)
  void tiesAndTheirNeighborsAreRoundedAsDefined(
      @ForAll @IntRange(min = -130, max = 130) int code, @ForAll Rounding rounding) {
    // 127 * (1 / 127) is exactly 1, so a value is its own number of steps.
    for (float tie : new float[] {code + 0.5f, code, code - 0.5f}) {
      float[] x = {Math.nextDown(tie), tie, Math.nextUp(tie)};
      float[] y = new float[3];
      new FakeQuantizer(rounding).apply(x, y, 0, 3, 127);
      for (int i = 0; i < 3; i++) {
        assertThat(y[i]).isEqualTo(defined(x[i], 127, rounding));
      }
    }
  }

  /** Runs long arrays many times, so that the loops are compiled to vector instructions. */
  @Property(tries = 1)
  void compiledLoopsRoundAsDefined(@ForAll long seed) {
    Random random = new Random(seed);
    float[] x = new float[20_011];
    for (int i = 0; i < x.length; i++) {
      x[i] = i % 3 == 0 ? random.nextInt(300) / 2f - 75 : (float) random.nextGaussian() * 50;
    }
    x[7] = Float.NaN;
    for (Rounding rounding : Rounding.values()) {
      FakeQuantizer quantizer = new FakeQuantizer(rounding);
      float[] y = new float[x.length];
      float[] columns = new float[x.length];
      for (int i = 0; i < 2_000; i++) {
        quantizer.apply(x, y, 0, x.length, 127);
        quantizer.applyToColumns(x, 1, scalesOf127(x.length), columns, 0, x.length);
      }
      for (int i = 0; i < x.length; i++) {
        int expected = Float.floatToIntBits(defined(x[i], 127, rounding));
        assertThat(Float.floatToIntBits(y[i])).isEqualTo(expected);
        assertThat(Float.floatToIntBits(columns[i])).isEqualTo(expected);
      }
    }
  }

  private static float[] scalesOf127(int n) {
    float[] scales = new float[n];
    Arrays.fill(scales, 127);
    return scales;
  }

  @Property(tries = 1000)
  void columnsAreRoundedAsDefinedForAnySplit(
      @ForAll("values") @Size(VALUES) float[] x,
      @ForAll("scales") float scale,
      @ForAll Rounding rounding,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(max = 9) int cut) {
    int rows = VALUES / columns;
    float[] scales = new float[columns];
    for (int i = 0; i < columns; i++) {
      scales[i] = scale / (i + 1);
    }
    float[] parts = new float[rows * columns];
    int middle = Math.min(cut, columns);
    FakeQuantizer quantizer = new FakeQuantizer(rounding);
    quantizer.applyToColumns(x, rows, scales, parts, 0, middle);
    quantizer.applyToColumns(x, rows, scales, parts, middle, columns);
    for (int i = 0; i < parts.length; i++) {
      assertThat(Float.floatToIntBits(parts[i]))
          .isEqualTo(Float.floatToIntBits(defined(x[i], scales[i % columns], rounding)));
    }
    Tensor weight = Tensor.wrap(x, 0, rows, columns);
    assertThat(quantizer.applyToColumns(weight, scales).toArray()).isEqualTo(parts);
  }

  @Property(tries = 1000)
  void maximaOfColumnsAreRightForAnySplit(
      @ForAll("values") @Size(VALUES) float[] x,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(max = 9) int cut) {
    int rows = VALUES / columns;
    float[] max = new float[columns];
    int middle = Math.min(cut, columns);
    AbsMax.ofColumns(x, rows, max, 0, middle);
    AbsMax.ofColumns(x, rows, max, middle, columns);
    for (int column = 0; column < columns; column++) {
      float[] values = new float[rows];
      for (int row = 0; row < rows; row++) {
        values[row] = x[row * columns + column];
      }
      assertThat((Float) max[column]).isEqualTo((Float) AbsMax.of(values, 0, rows));
    }
  }

  @Provide
  Arbitrary<Float> scales() {
    return Arbitraries.oneOf(
        Arbitraries.floats().between(1e-6f, 1e6f).ofScale(8),
        Arbitraries.floats().greaterOrEqual(0),
        Arbitraries.of(0f, Float.MIN_VALUE, 1e-30f, 1.0000001e-30f, 1f, 127f, Float.MAX_VALUE));
  }

  @Provide
  Arbitrary<float[]> values() {
    Arbitrary<Float> any =
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers().between(0, 9))
            .as(
                (bits, kind) ->
                    switch (kind) {
                      case 0 -> Float.intBitsToFloat(bits); // any float, also NaN and infinity
                      case 1 -> bits / 16f % 128;
                      case 2 -> 0.49999997f * Integer.signum(bits);
                      case 3 -> Float.POSITIVE_INFINITY * bits;
                      default -> bits / 1e8f;
                    });
    return any.array(float[].class).ofSize(VALUES);
  }
}

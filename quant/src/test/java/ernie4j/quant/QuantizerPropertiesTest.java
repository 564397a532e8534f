package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Scale;

class QuantizerPropertiesTest {
  /** Room for the three float32 roundings between a value and its dequantized code. */
  private static final float ROUNDING = 1 + 1e-4f;

  @Property(tries = 500)
  void weightErrorIsAtMostHalfAStepOfItsColumn(@ForAll("matrices") Tensor weight) {
    Int8Weight quantized = ColumnQuantizer.quantize(weight);
    Tensor back = quantized.dequantize();
    int columns = weight.dimension(1);
    for (int i = 0; i < weight.size(); i++) {
      float scale = quantized.scales()[i % columns];
      assertThat(Math.abs(back.get(i) - weight.get(i)))
          .isLessThanOrEqualTo(scale / 127 / 2 * ROUNDING);
      assertThat(Math.abs((int) quantized.codes()[i])).isLessThanOrEqualTo(127);
    }
  }

  @Property(tries = 500)
  void rowErrorIsAtMostHalfAStepOfItsRow(@ForAll("matrices") Tensor table) {
    Int8Weight quantized = RowQuantizer.quantize(table);
    Tensor back = quantized.dequantize();
    for (int i = 0; i < table.size(); i++) {
      float scale = quantized.scales()[i / table.dimension(1)];
      assertThat(Math.abs(back.get(i) - table.get(i)))
          .isLessThanOrEqualTo(scale / 127 / 2 * ROUNDING);
      assertThat(Math.abs((int) quantized.codes()[i])).isLessThanOrEqualTo(127);
    }
  }

  @Property(tries = 500)
  void largestOfEachRowGetsCode127AndZerosStayZero(@ForAll("matrices") Tensor table) {
    Int8Weight quantized = RowQuantizer.quantize(table);
    for (int i = 0; i < table.size(); i++) {
      float scale = quantized.scales()[i / table.dimension(1)];
      if (table.get(i) == 0) {
        assertThat(quantized.codes()[i]).isZero();
      } else if (Math.abs(table.get(i)) == scale) {
        assertThat((int) quantized.codes()[i]).isEqualTo(table.get(i) > 0 ? 127 : -127);
      }
    }
  }

  @Property(tries = 500)
  void zeroColumnGivesZerosAndATinyScale(@ForAll("matrices") Tensor weight) {
    int columns = weight.dimension(1);
    Tensor zeroed = weight.copy();
    for (int row = 0; row < weight.dimension(0); row++) {
      zeroed.data()[row * columns] = row % 2 == 0 ? 0f : -0f;
    }
    Int8Weight quantized = ColumnQuantizer.quantize(zeroed);
    assertThat(quantized.scales()[0]).isEqualTo(1e-8f);
    for (int row = 0; row < weight.dimension(0); row++) {
      assertThat(quantized.codes()[row * columns]).isZero();
    }
    for (Rounding rounding : Rounding.values()) {
      Tensor fake = new FakeQuantizer(rounding).applyToColumns(zeroed, AbsMax.ofColumns(zeroed));
      for (int row = 0; row < weight.dimension(0); row++) {
        assertThat(fake.get(row * columns)).isZero();
      }
    }
  }

  @Property(tries = 500)
  void quantizingTwiceChangesNothing(@ForAll("matrices") Tensor weight) {
    Tensor once = ColumnQuantizer.quantize(weight).dequantize();
    assertThat(ColumnQuantizer.quantize(once).codes())
        .isEqualTo(ColumnQuantizer.quantize(weight).codes());
  }

  @Property(tries = 500)
  void logErrorIsRelativeAndSignsAreKept(@ForAll("matrices") Tensor table) {
    Int8Weight quantized = LogQuantizer.quantize(table);
    Tensor back = quantized.dequantize();
    float smallest = quantized.dictionary()[0];
    double limit = Math.pow(2, 1 / 16.0) - 1 + 1e-6;
    for (int i = 0; i < table.size(); i++) {
      float x = table.get(i);
      // From 2^(1/16) = 1.044 times the smallest level on, values belong to the next level.
      if (Math.abs(x) > smallest * 1.04f) {
        assertThat(Math.abs(back.get(i) - x)).isLessThanOrEqualTo((float) (limit * Math.abs(x)));
      } else {
        assertThat(Math.abs(back.get(i))).isEqualTo(smallest);
      }
      assertThat(quantized.codes()[i] < 0).isEqualTo(x < 0);
    }
  }

  @Property(tries = 1000)
  void fakeQuantizationErrorIsHalfAStepInsideTheScaleAndClampsOutside(
      @ForAll @FloatRange(min = -1e6f, max = 1e6f) @Scale(4) float x,
      @ForAll @FloatRange(min = 1e-6f, max = 1e6f) @Scale(8) float scale,
      @ForAll Rounding rounding) {
    float[] y = new float[1];
    FakeQuantizer quantizer = new FakeQuantizer(rounding);
    quantizer.apply(new float[] {x}, y, 0, 1, scale);
    int lowest = rounding == Rounding.HALF_TO_EVEN ? -128 : -127;
    assertThat(quantizer.code(x, scale)).isBetween(lowest, 127);
    float nearest = Math.min(Math.max(x, scale * lowest / 127), scale);
    assertThat(Math.abs(y[0] - nearest)).isLessThanOrEqualTo(scale / 127 / 2 * ROUNDING);
    assertThat(y[0] * x).isGreaterThanOrEqualTo(0);
  }

  @Property(tries = 1000)
  void activationCodesAreMonotonicAndSaturate(
      @ForAll @FloatRange(min = -1e6f, max = 1e6f) @Scale(4) float x,
      @ForAll @FloatRange(min = 1e-6f, max = 1e6f) @Scale(8) float scale) {
    ActivationQuantizer quantizer = new ActivationQuantizer(scale);
    assertThat(quantizer.code(Math.nextUp(x))).isGreaterThanOrEqualTo(quantizer.code(x));
    assertThat(quantizer.code(scale)).isEqualTo((byte) 127);
    assertThat(quantizer.code(-scale * 2)).isEqualTo((byte) -128);
    assertThat(quantizer.code(Float.POSITIVE_INFINITY)).isEqualTo((byte) 127);
  }

  @Provide
  Arbitrary<Tensor> matrices() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 9);
    Arbitrary<Float> values =
        Arbitraries.oneOf(
            Arbitraries.floats().between(-1, 1).ofScale(6),
            Arbitraries.floats().between(-1e-6f, 1e-6f).ofScale(12),
            Arbitraries.floats().between(-1e6f, 1e6f),
            Arbitraries.of(0f, -0f, 1f, -1f, 0.5f));
    // Always enough values for the largest matrix: flat-mapping over the size would shrink forever.
    return Combinators.combine(sizes, sizes, values.list().ofSize(81))
        .as(
            (rows, columns, list) -> {
              Tensor tensor = Tensor.zeros(rows, columns);
              for (int i = 0; i < tensor.size(); i++) {
                tensor.data()[i] = list.get(i);
              }
              return tensor;
            });
  }
}

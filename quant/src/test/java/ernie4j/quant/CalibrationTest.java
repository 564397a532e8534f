package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CalibrationTest {
  private static float scale(CalibrationMethod method, float[]... batches) {
    ActivationObserver observer = method.newObserver();
    for (float[] batch : batches) {
      observer.observe(batch, 0, batch.length);
    }
    return observer.scale();
  }

  @Property(tries = 300)
  void scalesArePositiveAndAtMostTheMaximum(
      @ForAll @Size(min = 1, max = 50)
          float @FloatRange(min = -1e9f, max = 1e9f) @Scale(9) [] first,
      @ForAll @Size(min = 1, max = 50) float @FloatRange(min = -1e3f, max = 1e3f) @Scale(9) [] next,
      @ForAll CalibrationMethod method) {
    float max = Math.max(AbsMax.of(first, 0, first.length), AbsMax.of(next, 0, next.length));
    float scale = scale(method, first, next);
    if (max == 0) {
      assertThat(scale).isEqualTo(AbsMax.ZERO_SCALE);
    } else {
      assertThat(scale).isPositive().isLessThanOrEqualTo(max);
    }
  }

  @Property(tries = 100)
  void absMaxAndAverageCombineTheMaximaOfBatches(
      @ForAll @FloatRange(min = 1, max = 1e6f) float a,
      @ForAll @FloatRange(min = 1, max = 1e6f) float b) {
    float[] first = {0, -a, a / 2};
    float[] second = {b};
    assertThat(scale(CalibrationMethod.ABS_MAX, first, second)).isEqualTo(Math.max(a, b));
    assertThat(scale(CalibrationMethod.AVERAGE_OF_MAXIMA, first, second))
        .isEqualTo((float) (((double) a + b) / 2));
  }

  /** Mostly small values and a few far out, in a number of batches with growing ranges. */
  private static float[] heavyTailed(Random random, int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      double tail = random.nextInt(2000) == 0 ? 10 + 20 * random.nextDouble() : 1;
      x[i] = (float) (random.nextGaussian() * tail);
    }
    return x;
  }

  private static double meanSquaredError(float[] x, float scale) {
    float[] y = new float[x.length];
    new FakeQuantizer(Rounding.HALF_TO_EVEN).apply(x, y, 0, x.length, scale);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += ((double) x[i] - y[i]) * (x[i] - y[i]);
    }
    return sum / x.length;
  }

  @Property(tries = 100)
  void squaredErrorOfAHeavyTailIsBelowThatOfTheMaximum(@ForAll long seed) {
    float[] x = heavyTailed(new Random(seed), 20_000);
    float scale = scale(CalibrationMethod.MEAN_SQUARED_ERROR, x);
    double best = meanSquaredError(x, scale);
    float max = AbsMax.of(x, 0, x.length);
    assertThat(best).isLessThan(meanSquaredError(x, max));
    // No clearly better scale exists: the histogram has found the minimum of the real error.
    for (int i = 4; i <= max; i++) {
      assertThat(best).isLessThan(1.02 * meanSquaredError(x, i));
    }
  }

  @Property(tries = 100)
  void divergenceOfAHeavyTailIsBelowThatOfTheMaximum(@ForAll long seed) {
    float[] x = heavyTailed(new Random(seed), 20_000);
    float scale = scale(CalibrationMethod.KL_DIVERGENCE, x);
    float max = AbsMax.of(x, 0, x.length);
    assertThat(scale).isLessThan(0.95f * max).isGreaterThan(2);
    MagnitudeHistogram histogram = new MagnitudeHistogram();
    histogram.add(x, 0, x.length);
    int bins = Math.round(scale / max * MagnitudeHistogram.BINS);
    double divergence = Divergence.of(histogram, bins);
    assertThat(divergence).isLessThan(Divergence.of(histogram, histogram.usedBins()));
    assertThat(divergence).isGreaterThan(-1e-9);
  }

  /** Values are clipped and bins share a code; without that, the divergence would be 0. */
  @Property(tries = 1)
  void divergenceOfFewBinsMatchesAHandCalculation() {
    MagnitudeHistogram histogram = new MagnitudeHistogram();
    // Range 2048: a bin is 1 wide. Bins 0 and 1 of 508 share code 0 (508 / 127 = 4 per code).
    float[] x = {0.5f, 0.5f, 0.5f, 1.5f, 507.5f, 2048};
    histogram.add(x, 0, x.length);
    double inside = 5;
    double expected =
        3 / 6.0 * Math.log(3 / 6.0 / (2 / inside))
            + 1 / 6.0 * Math.log(1 / 6.0 / (2 / inside))
            + 2 / 6.0 * Math.log(2 / 6.0 / (1 / inside));
    assertThat(Divergence.of(histogram, 508)).isEqualTo(expected, Offset.offset(1e-12));
    assertThat(Divergence.of(histogram, 600)).isInfinite();
  }

  @Property(tries = 200)
  void histogramCountsTheSameInOneOrManyBatches(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int doublings) {
    Random random = new Random(seed);
    float[] x = new float[400];
    for (int i = 0; i < x.length; i++) {
      x[i] = (1 << random.nextInt(doublings + 1)) * random.nextFloat() * (i % 2 == 0 ? 1 : -1);
    }
    x[0] = 1; // the ranges are powers of two times this, and so are the bins' edges
    x[399] = 1 << doublings;
    MagnitudeHistogram one = new MagnitudeHistogram();
    one.add(x, 0, x.length);
    MagnitudeHistogram many = new MagnitudeHistogram();
    many.add(x, 0, 1);
    many.add(x, 1, 250);
    many.add(x, 251, 149);
    assertThat(many.max()).isEqualTo(one.max());
    assertThat(many.total()).isEqualTo(400);
    assertThat(many.usedBins()).isEqualTo(one.usedBins());
    // With many batches, the largest value of the first range is in bin edge - 1, else in edge.
    int edge = MagnitudeHistogram.BINS >> doublings;
    assertThat(many.count(edge - 1) + many.count(edge))
        .isEqualTo(one.count(edge - 1) + one.count(edge));
    for (int bin = 0; bin < MagnitudeHistogram.BINS; bin++) {
      if (bin != edge && bin != edge - 1) {
        assertThat(many.count(bin)).as("bin %d", bin).isEqualTo(one.count(bin));
        if (one.count(bin) > 0) {
          assertThat(many.mean(bin)).isEqualTo(one.mean(bin), Offset.offset(1e-9));
          assertThat(one.mean(bin)).isBetween((double) bin, bin + 1.0);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void constantAndZeroInputsHaveAScale(CalibrationMethod method) {
    assertThat(scale(method, new float[] {3, 3, -3, 3})).isEqualTo(3);
    assertThat(scale(method, new float[4], new float[2])).isEqualTo(AbsMax.ZERO_SCALE);
    float[] tiny = {Float.MIN_VALUE, 0, -2 * Float.MIN_VALUE};
    assertThat(scale(method, tiny)).isPositive().isLessThanOrEqualTo(2 * Float.MIN_VALUE);
    float[] huge = {Float.MAX_VALUE, 1};
    assertThat(scale(method, new float[] {1e-30f}, huge)).isPositive().isFinite();
  }

  @ParameterizedTest
  @EnumSource
  void badAndMissingValuesAreRefused(CalibrationMethod method) {
    ActivationObserver observer = method.newObserver();
    assertThatIllegalStateException()
        .isThrownBy(observer::scale)
        .withMessageContaining("nothing was observed");
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> observer.observe(new float[] {1, bad}, 0, 2))
          .withMessageContaining("expected a batch of finite values");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> observer.observe(new float[1], 0, 0));
    assertThatIllegalStateException().isThrownBy(observer::scale);
    observer.observe(new float[] {9, 2, 1}, 1, 2);
    assertThat(observer.scale()).isPositive().isLessThanOrEqualTo(2);
  }
}

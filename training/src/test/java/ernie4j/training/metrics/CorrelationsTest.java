package ernie4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.Test;

/** Correlations against Commons Math and against what follows from their definitions. */
class CorrelationsTest {
  private static Correlations of(double[] expected, double[] predicted) {
    Correlations scores = new Correlations();
    for (int i = 0; i < expected.length; i++) {
      scores.add(expected[i], predicted[i]);
    }
    return scores;
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).distinct().count() == 1;
  }

  /** Few different values, so that there are ties. */
  private static double[] values(Random random, int count) {
    int different = 1 + random.nextInt(2 * count);
    return random.ints(count, 0, different).mapToDouble(i -> 0.1 * i - 1.7).toArray();
  }

  @Property(tries = 300)
  void correlationsEqualThoseOfCommonsMath(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 150) int count) {
    Random random = new Random(seed);
    double[] expected = values(random, count);
    double[] predicted = values(random, count);
    boolean constant = isConstant(expected) || isConstant(predicted);
    double pearson = new PearsonsCorrelation().correlation(expected, predicted);
    double spearman = new SpearmansCorrelation().correlation(expected, predicted);
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += Math.pow(expected[i] - predicted[i], 2);
    }
    Correlations scores = of(expected, predicted);
    assertThat(scores.count()).isEqualTo(count);
    assertThat(scores.pearson()).isCloseTo(constant ? 0 : 100 * pearson, within(1e-7));
    assertThat(scores.spearman()).isCloseTo(constant ? 0 : 100 * spearman, within(1e-7));
    assertThat(scores.meanSquaredError()).isCloseTo(squares / count, within(1e-9));
  }

  @Property(tries = 100)
  void rankCorrelationDependsOnlyOnTheOrder(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int count) {
    Random random = new Random(seed);
    double[] expected = values(random, count);
    double[] predicted = values(random, count);
    double[] bent = Arrays.stream(predicted).map(Math::exp).toArray();
    double[] falling = Arrays.stream(predicted).map(value -> -value).toArray();
    double spearman = of(expected, predicted).spearman();
    assertThat(of(expected, bent).spearman()).isEqualTo(spearman);
    assertThat(of(expected, falling).spearman()).isCloseTo(-spearman, within(1e-9));
  }

  @Test
  void constantsCorrelateWithNothing() {
    // The mean of several 0.1 is not 0.1.
    double[] constant = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    double[] rising = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (Correlations scores :
        new Correlations[] {of(constant, rising), of(rising, constant), of(constant, constant)}) {
      assertThat(scores.pearson()).isZero();
      assertThat(scores.spearman()).isZero();
    }
    for (Correlations scores :
        new Correlations[] {
          new Correlations(), of(new double[] {1}, new double[] {1}), of(constant, constant)
        }) {
      assertThat(scores.pearson()).isZero();
      assertThat(scores.spearman()).isZero();
      assertThat(scores.meanSquaredError()).isZero();
    }
  }

  @Test
  void extremeScores() {
    double[] rising = {1, 2, 3};
    for (double factor : new double[] {1e308, Double.MIN_VALUE, -1e-300, -1e200}) {
      double[] scaled = {-0.6 * factor, 0, 0.6 * factor};
      scaled = factor == Double.MIN_VALUE ? new double[] {-factor, 0, factor} : scaled;
      Correlations scores = of(rising, scaled);
      assertThat(scores.pearson()).isCloseTo(100 * Math.signum(factor), within(1e-9));
      assertThat(scores.spearman()).isCloseTo(100 * Math.signum(factor), within(1e-9));
    }
    // Adjacent numbers that a division could make equal.
    Correlations near = of(rising, new double[] {1.9, Math.nextUp(1.9), Math.nextUp(1.9)});
    assertThat(near.pearson()).isBetween(0.0, 100.0);
    // -0 and 0 are equal.
    assertThat(of(new double[] {0, 1, 2}, new double[] {-0.0, 0.0, 1}).spearman())
        .isEqualTo(of(new double[] {0, 1, 2}, new double[] {0.0, -0.0, 1}).spearman());
    assertThatThrownBy(() -> new Correlations().add(1, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN predicted");
  }
}

package ernie4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.training.evaluation.TemperatureFit;
import ernie4j.training.metrics.Reliability.Point;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  private static Reliability of(double[] confidences, int... right) {
    Reliability reliability = new Reliability();
    for (int i = 0; i < confidences.length; i++) {
      reliability.add(confidences[i], right[i] == 1);
    }
    return reliability;
  }

  @Test
  void calibrationErrorIsTheMeanDistanceBetweenConfidenceAndAccuracy() {
    // Two bins: 0.95 and 0.97 of which one is right, 0.4 and 0.42 of which none is.
    Reliability reliability = of(new double[] {0.95, 0.4, 0.97, 0.42}, 1, 0, 0, 0);
    double expected = 100 * (2 * Math.abs(0.96 - 0.5) + 2 * 0.41) / 4;
    assertThat(reliability.calibrationError()).isCloseTo(expected, within(1e-9));
    assertThat(of(new double[] {1, 1, 0}, 1, 1, 0).calibrationError()).isZero();
    assertThat(new Reliability().calibrationError()).isZero();
  }

  @Test
  void logLossUsesTheProbabilityOfTheOutcome() {
    assertThat(of(new double[] {0.8, 0.8}, 1, 0).logLoss())
        .isCloseTo(-(Math.log(0.8) + Math.log(0.2)) / 2, within(1e-12));
    assertThat(of(new double[] {1}, 0).logLoss()).isFinite();
  }

  @Test
  void theCurveGoesFromTheSurestAnswersToAll() {
    Reliability reliability = of(new double[] {0.5, 0.9, 0.7, 0.7, 0.2}, 0, 1, 1, 0, 0);
    assertThat(reliability.curve())
        .containsExactly(
            new Point(20, 100, 0.9),
            new Point(60, 100.0 * 2 / 3, 0.7),
            new Point(80, 50, 0.5),
            new Point(100, 40, 0.2));
    assertThat(reliability.at(50)).isEqualTo(new Point(60, 100.0 * 2 / 3, 0.7));
    assertThat(reliability.at(100).confidence()).isEqualTo(0.2);
    assertThat(reliability.from(0.7).coverage()).isEqualTo(60);
    assertThat(reliability.from(0.71).coverage()).isEqualTo(20);
    assertThat(reliability.from(0.95).coverage()).isZero();
  }

  /** Answers that are right as often as their logits at temperature 2 say. */
  @Test
  void fitFindsTheTemperatureOfTheAnswers() {
    Random random = new Random(4);
    double[] logits = new double[20_000];
    boolean[] right = new boolean[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = 6 * random.nextDouble();
      right[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i] / 2));
    }
    double temperature =
        TemperatureFit.fit(
            t -> {
              Reliability reliability = new Reliability();
              for (int i = 0; i < logits.length; i++) {
                reliability.add(1 / (1 + Math.exp(-logits[i] / t)), right[i]);
              }
              return reliability;
            });
    assertThat(temperature).isCloseTo(2, within(0.08));
  }
}

package ernie4j.training.evaluation;

import ernie4j.training.metrics.Reliability;
import java.util.function.DoubleFunction;

/**
 * Finds the temperature at which the confidence of a model matches how often it is right (Guo et
 * al., 2017), by minimizing the log loss of whether its answers are right. A temperature changes no
 * answer.
 */
public final class TemperatureFit {
  private static final double LOWEST = Math.log(0.1);
  private static final double HIGHEST = Math.log(10);
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** The width of the last interval: one percent of a temperature. */
  private static final double NARROW = 0.01;

  private TemperatureFit() {}

  /**
   * Searches from 0.1 to 10 with a golden-section search on the logarithm of the temperature.
   *
   * @param measured gives the reliability of a model's answers at a temperature
   * @return the temperature with the lowest log loss, to about one percent
   */
  public static double fit(DoubleFunction<Reliability> measured) {
    double low = LOWEST;
    double high = HIGHEST;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = loss(measured, left);
    double atRight = loss(measured, right);
    while (high - low > NARROW) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = loss(measured, left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = loss(measured, right);
      }
    }
    return Math.exp((low + high) / 2);
  }

  private static double loss(DoubleFunction<Reliability> measured, double logarithm) {
    return measured.apply(Math.exp(logarithm)).logLoss();
  }
}

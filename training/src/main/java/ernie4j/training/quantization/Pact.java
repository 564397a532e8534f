package ernie4j.training.quantization;

import java.util.OptionalDouble;

/**
 * Learned clipping of the layers' inputs (PACT, Choi et al., 2018). An input x becomes {@code x -
 * relu(x - a) + relu(-a - x)} before it is quantized. One value a for each product is a parameter
 * that the optimizer changes and that decays like a weight. The scale of the input never exceeds a.
 *
 * <p>In the reference, the clips start at 100 with a learning rate 1000 times that of the weights
 * ({@link #reference}) but are missing from the optimizer, so they never have any effect. Here they
 * are trained.
 *
 * @param initialClip the initial value of a, above 0; empty to start at the scale that the initial
 *     calibration found
 * @param learningRateFactor the factor of the learning rate for a, above 0
 */
public record Pact(OptionalDouble initialClip, double learningRateFactor) {
  /** A clip never falls below this value. */
  static final float LEAST = 1e-3f;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is not a positive number
   */
  public Pact {
    require("initialClip", initialClip.orElse(1));
    require("learningRateFactor", learningRateFactor);
  }

  private static void require(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "Pact: %s: expected a positive number, got %s".formatted(name, value));
    }
  }

  /**
   * Starts the clips at the calibrated scales.
   *
   * @param learningRateFactor the factor of the learning rate for the clips, above 0
   * @return clipping without an initial value
   */
  public static Pact fromCalibration(double learningRateFactor) {
    return new Pact(OptionalDouble.empty(), learningRateFactor);
  }

  /** {@return the values of the reference: an initial clip of 100 and a factor of 1000} */
  public static Pact reference() {
    return new Pact(OptionalDouble.of(100), 1000);
  }
}

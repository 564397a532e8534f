package ernie4j.training.quantization;

import java.util.OptionalDouble;

/**
 * Learnt clipping of the layers' inputs (PACT, Choi et al., 2018): an input x becomes {@code x -
 * relu(x - a) + relu(-a - x)} before it is quantized, and a, one value for each product, is a
 * parameter that the optimizer changes and that decays like a weight. The scale of the input is
 * never above a.
 *
 * <p>In the reference the clips start at 100 with a learning rate 1000 times that of the weights
 * ({@link #reference}), but are missing from the optimizer, so that they never do anything; here
 * they learn.
 *
 * @param initialClip where a starts; empty: at the scale that the initial calibration found
 * @param learningRateFactor what the learning rate is multiplied by for a
 */
public record Pact(OptionalDouble initialClip, double learningRateFactor) {
  /** A clip never learns its way below this. */
  static final float LEAST = 1e-3f;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is not a positive number
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

  /** Clips that start at the calibrated scales. */
  public static Pact fromCalibration(double learningRateFactor) {
    return new Pact(OptionalDouble.empty(), learningRateFactor);
  }

  /** The values of the reference: 100 and 1000. */
  public static Pact reference() {
    return new Pact(OptionalDouble.of(100), 1000);
  }
}

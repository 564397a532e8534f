package ernie4j.training.quantization;

import ernie4j.quant.MovingAverageObserver;
import ernie4j.quant.Rounding;
import java.util.List;
import java.util.Optional;

/**
 * How quantization-aware training quantizes.
 *
 * <p>An int8 model rounds half to even, in its exported weights and in its inputs. Training with
 * {@link Rounding#HALF_AWAY_FROM_ZERO}, the reference's default, therefore differs from it in two
 * places: values that lie exactly between two codes (or that the two orders of float32 operations
 * put on different sides of the middle), and inputs below -scale, which are -127 in training and
 * -128 in int8. Either way, the difference is one code. With {@link Rounding#HALF_TO_EVEN}, only
 * the order of the operations differs.
 *
 * @param rounding ties and clamping of the fake quantization of weights and inputs
 * @param movingRate the factor, in [0, 1), by which each new batch multiplies the weight of earlier
 *     batches in a scale, see {@link MovingAverageObserver}
 * @param calibrationBatches the number of batches of {@value #CALIBRATION_BATCH_SIZE} training
 *     examples that the observers see before the training, with float weights and without dropout;
 *     with 0 they start as in the reference, as if an earlier batch had had the maximum 1
 * @param pact learned clipping of the inputs; empty for none
 * @param excludedLayers layers that stay float: names of linear layers, such as {@code
 *     slot_classifier}, or their beginnings up to a dot, such as {@code ernie.encoder.layers.0} or
 *     {@code ernie}; each must match at least one layer
 */
public record QatOptions(
    Rounding rounding,
    double movingRate,
    int calibrationBatches,
    Optional<Pact> pact,
    List<String> excludedLayers) {
  static final int CALIBRATION_BATCH_SIZE = 32;

  /**
   * Copies the list and checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public QatOptions {
    excludedLayers = List.copyOf(excludedLayers);
    if (!(movingRate >= 0 && movingRate < 1)) {
      throw new IllegalArgumentException(
          "QatOptions: movingRate: expected a number from 0 to below 1, got " + movingRate);
    }
    if (calibrationBatches < 0) {
      throw new IllegalArgumentException(
          "QatOptions: calibrationBatches: expected a number of at least 0, got "
              + calibrationBatches);
    }
    if (calibrationBatches == 0 && pact.isPresent() && pact.get().initialClip().isEmpty()) {
      throw new IllegalArgumentException(
          "QatOptions: clips that start from the calibration need calibrationBatches above 0");
    }
  }

  /**
   * {@return the recommended options: the rounding and the rate of the reference, 8 batches of
   * calibration, no PACT, all layers}
   */
  public static QatOptions defaults() {
    return new QatOptions(
        Rounding.HALF_AWAY_FROM_ZERO,
        MovingAverageObserver.DEFAULT_RATE,
        8,
        Optional.empty(),
        List.of());
  }

  /**
   * Adds learned clipping.
   *
   * @param newPact how the clips start and learn
   * @return a copy of these options with clipping
   */
  public QatOptions withPact(Pact newPact) {
    return new QatOptions(
        rounding, movingRate, calibrationBatches, Optional.of(newPact), excludedLayers);
  }

  /**
   * Replaces the layers that stay float.
   *
   * @param newExcludedLayers names of layers or their beginnings up to a dot
   * @return a copy of these options with these layers left out
   */
  public QatOptions withExcludedLayers(List<String> newExcludedLayers) {
    return new QatOptions(rounding, movingRate, calibrationBatches, pact, newExcludedLayers);
  }
}

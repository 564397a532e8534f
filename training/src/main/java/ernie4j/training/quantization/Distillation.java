package ernie4j.training.quantization;

import ernie4j.engine.file.Model;

/**
 * A teacher whose logits quantization-aware training follows besides the labels: {@code loss =
 * labels + weight (softCE(intents) + softCE(slots)) / 2}. The reference has no such term.
 *
 * @param teacher a joint float model of the same vocabulary and labels, for example the one that
 *     the training starts from
 * @param weight of the teacher's part
 * @param temperature what both logits are divided by
 */
public record Distillation(Model teacher, double weight, double temperature) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if weight or temperature is not a positive number
   */
  public Distillation {
    if (!(weight > 0 && temperature > 0)
        || Double.isInfinite(weight)
        || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "Distillation: expected a positive weight and temperature, got %s and %s"
              .formatted(weight, temperature));
    }
  }
}

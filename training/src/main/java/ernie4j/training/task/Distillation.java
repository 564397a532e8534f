package ernie4j.training.task;

import ernie4j.engine.file.Model;

/**
 * A teacher whose outputs a model learns besides the labels: {@code loss = labels + weight *
 * softLoss}, see {@link Objective#softLoss}. Examples without labels have only the second part. The
 * reference's fine-tuning has no such term.
 *
 * @param teacher a model of the same task, vocabulary and labels, for example a larger one, or the
 *     one that a quantization-aware training starts from
 * @param weight factor of the teacher's part of the loss, above 0
 * @param temperature divisor of the logits of both models, above 0
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

package ernie4j.training.task;

import ernie4j.engine.file.Model;
import java.util.List;

/**
 * A teacher whose outputs a model learns besides the labels: {@code loss = labels + weight *
 * softLoss}, see {@link Objective#softLoss}. Examples without labels have only the second part. The
 * reference's fine-tuning has no such term.
 *
 * @param teachers models of the same task, vocabulary and labels, for example larger ones, or the
 *     one that a quantization-aware training starts from; the logits of several are averaged
 * @param weight factor of the teachers' part of the loss, above 0
 * @param temperature divisor of the logits of both models, above 0
 */
public record Distillation(List<Model> teachers, double weight, double temperature) {
  /**
   * Checks the values, and keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if there is no teacher, or weight or temperature is not a
   *     positive number
   */
  public Distillation {
    teachers = List.copyOf(teachers);
    if (teachers.isEmpty()) {
      throw new IllegalArgumentException("Distillation: expected at least one teacher, got none");
    }
    if (!(weight > 0 && temperature > 0)
        || Double.isInfinite(weight)
        || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException(
          "Distillation: expected a positive weight and temperature, got %s and %s"
              .formatted(weight, temperature));
    }
  }

  /**
   * Creates a distillation from one teacher.
   *
   * @param teacher a model of the same task, vocabulary and labels
   * @param weight factor of the teacher's part of the loss, above 0
   * @param temperature divisor of the logits of both models, above 0
   * @throws IllegalArgumentException if weight or temperature is not a positive number
   */
  public Distillation(Model teacher, double weight, double temperature) {
    this(List.of(teacher), weight, temperature);
  }
}

package ernie4j.training.pruning;

import java.util.HashSet;
import java.util.List;

/**
 * How to prune to which widths.
 *
 * @param widths shares of heads and neurons to keep, each in (0, 1]; all are trained at once
 * @param hiddenWeight weight of the mean squared errors of embeddings and layers against the
 *     teacher's, from 0 on
 * @param labelWeight weight of the loss against the true labels, from 0 on
 * @param dropout the probability of all dropouts of the students, in [0, 1)
 * @param teacherDropout whether the teacher drops out, too, as it does in the original; its targets
 *     are then noisy
 * @param importance how to measure which heads and neurons come first
 */
public record WidthPruningOptions(
    List<Double> widths,
    double hiddenWeight,
    double labelWeight,
    float dropout,
    boolean teacherDropout,
    ImportanceOptions importance) {
  /**
   * Keeps an unmodifiable copy of the widths.
   *
   * @throws IllegalArgumentException if there is no width, one twice, or a number makes no sense;
   *     whether a width fits a model is checked by {@link WidthPruning}
   */
  public WidthPruningOptions {
    widths = List.copyOf(widths);
    require(!widths.isEmpty(), "widths", "at least one", widths);
    require(new HashSet<>(widths).size() == widths.size(), "widths", "each only once", widths);
    require(isWeight(hiddenWeight), "hiddenWeight", "a number from 0 on", hiddenWeight);
    require(isWeight(labelWeight), "labelWeight", "a number from 0 on", labelWeight);
    require(dropout >= 0 && dropout < 1, "dropout", "a number in [0, 1)", dropout);
  }

  private static boolean isWeight(double value) {
    return value >= 0 && value < Double.POSITIVE_INFINITY;
  }

  private static void require(boolean condition, String name, String expected, Object got) {
    if (!condition) {
      throw new IllegalArgumentException(
          "WidthPruningOptions: %s: expected %s, got %s".formatted(name, expected, got));
    }
  }

  /** The loss of the original without its quirks, dropout 0.1. */
  public static WidthPruningOptions of(List<Double> widths) {
    return new WidthPruningOptions(widths, 0.1, 0, 0.1f, false, ImportanceOptions.defaults());
  }

  /** As the original, quirks included. */
  public static WidthPruningOptions reference(List<Double> widths) {
    return new WidthPruningOptions(widths, 0.1, 0, 0.1f, true, ImportanceOptions.reference());
  }
}

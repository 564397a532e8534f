package ernie4j.training.pruning;

import java.util.HashSet;
import java.util.List;

/**
 * The widths to prune to, and how.
 *
 * @param widths shares of heads and neurons to keep, each in (0, 1]; all are trained at once
 * @param hiddenWeight weight of the mean squared errors of embeddings and layers against the
 *     teacher's, at least 0
 * @param labelWeight weight of the loss against the true labels, at least 0
 * @param dropout the probability of all dropouts of the students, in [0, 1)
 * @param teacherDropout whether dropout is also active in the teacher, as in the original; its
 *     targets are then noisy
 * @param importance how to measure the importance of heads and neurons
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
   * @throws IllegalArgumentException if there is no width, one appears twice, or a number is out of
   *     range; {@link WidthPruning} checks whether a width fits a model
   */
  public WidthPruningOptions {
    widths = List.copyOf(widths);
    require(!widths.isEmpty(), "widths", "at least one", widths);
    require(new HashSet<>(widths).size() == widths.size(), "widths", "each only once", widths);
    require(isWeight(hiddenWeight), "hiddenWeight", "a number of at least 0", hiddenWeight);
    require(isWeight(labelWeight), "labelWeight", "a number of at least 0", labelWeight);
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

  /**
   * The recommended options: the loss of the original without its quirks, dropout 0.1.
   *
   * @param widths shares of heads and neurons to keep, each in (0, 1]
   * @return options for these widths
   */
  public static WidthPruningOptions of(List<Double> widths) {
    return new WidthPruningOptions(widths, 0.1, 0, 0.1f, false, ImportanceOptions.defaults());
  }

  /**
   * The options of the original, quirks included.
   *
   * @param widths shares of heads and neurons to keep, each in (0, 1]
   * @return options for these widths
   */
  public static WidthPruningOptions reference(List<Double> widths) {
    return new WidthPruningOptions(widths, 0.1, 0, 0.1f, true, ImportanceOptions.reference());
  }

  /**
   * The same with another way to measure importance.
   *
   * @param measured how to measure the importance of heads and neurons
   * @return the new options
   */
  public WidthPruningOptions withImportance(ImportanceOptions measured) {
    return new WidthPruningOptions(
        widths, hiddenWeight, labelWeight, dropout, teacherDropout, measured);
  }
}

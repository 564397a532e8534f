package ernie4j.training.distillation;

import ernie4j.training.autograd.RelationWeights;
import java.math.BigInteger;

/**
 * What a student learns and from how much text.
 *
 * @param relationHeads relation heads of the last layer's query, key and value; divides the hidden
 *     sizes of the teacher and of all students
 * @param relations how much the relations between tokens, heads and samples count
 * @param hiddenWeight weight of the squared error of the last hidden states (1: their variance)
 *     next to the relation loss; 0 leaves it out, and what follows the last query, key and value
 *     then stays random
 * @param maxLength texts are cut to this many tokens, [CLS] and [SEP] included
 * @param dropout the probability of all dropouts of the student
 * @param heldOut texts to evaluate on, which are not learnt from
 */
public record DistillationOptions(
    int relationHeads,
    RelationWeights relations,
    double hiddenWeight,
    int maxLength,
    float dropout,
    int heldOut) {
  /** More relation heads cost time and bring nothing. */
  private static final int MOST_RELATION_HEADS = 16;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one makes no sense
   */
  public DistillationOptions {
    require(relationHeads >= 1, "relationHeads", "at least 1", relationHeads);
    require(
        hiddenWeight >= 0 && hiddenWeight < Double.POSITIVE_INFINITY,
        "hiddenWeight",
        "from 0 on",
        hiddenWeight);
    require(maxLength >= 3, "maxLength", "at least 3", maxLength);
    require(dropout >= 0 && dropout < 1, "dropout", "in [0, 1)", dropout);
    require(heldOut >= 1, "heldOut", "at least 1", heldOut);
  }

  private static void require(boolean condition, String name, String expected, Object got) {
    if (!condition) {
      throw new IllegalArgumentException(
          "DistillationOptions: %s: expected a number %s, got %s".formatted(name, expected, got));
    }
  }

  /** As many relation heads as divide all hidden sizes, 16 at most. */
  public static int relationHeads(int teacherHidden, int... studentHidden) {
    int common = teacherHidden;
    for (int hidden : studentHidden) {
      common = BigInteger.valueOf(common).gcd(BigInteger.valueOf(hidden)).intValueExact();
    }
    int heads = Math.min(common, MOST_RELATION_HEADS);
    while (common % heads != 0) {
      heads--;
    }
    return heads;
  }
}

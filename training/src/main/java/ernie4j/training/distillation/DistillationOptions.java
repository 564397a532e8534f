package ernie4j.training.distillation;

import ernie4j.training.autograd.RelationWeights;
import java.math.BigInteger;

/**
 * What a student learns, and from how much text.
 *
 * @param relationHeads the number of relation heads of the last layer's query, key and value;
 *     divides the hidden sizes of the teacher and of all students
 * @param relations the weights of the relations between tokens, heads and samples
 * @param hiddenWeight the weight of the squared error of the last hidden states (in units of their
 *     variance) next to the relation loss; with 0, the parameters after the last query, key and
 *     value stay random
 * @param maxLength the longest text in tokens, [CLS] and [SEP] included; longer texts are cut
 * @param dropout the probability of all dropouts of the student, in [0, 1)
 * @param heldOut the number of texts to evaluate on, which are not learned from
 */
public record DistillationOptions(
    int relationHeads,
    RelationWeights relations,
    double hiddenWeight,
    int maxLength,
    float dropout,
    int heldOut) {
  /** More relation heads take more time without any benefit. */
  private static final int MOST_RELATION_HEADS = 16;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public DistillationOptions {
    require(relationHeads >= 1, "relationHeads", "of at least 1", relationHeads);
    require(
        hiddenWeight >= 0 && hiddenWeight < Double.POSITIVE_INFINITY,
        "hiddenWeight",
        "of at least 0",
        hiddenWeight);
    require(maxLength >= 3, "maxLength", "of at least 3", maxLength);
    require(dropout >= 0 && dropout < 1, "dropout", "in [0, 1)", dropout);
    require(heldOut >= 1, "heldOut", "of at least 1", heldOut);
  }

  private static void require(boolean condition, String name, String expected, Object got) {
    if (!condition) {
      throw new IllegalArgumentException(
          "DistillationOptions: %s: expected a number %s, got %s".formatted(name, expected, got));
    }
  }

  /**
   * Chooses the largest number of relation heads, at most 16, that divides all hidden sizes.
   *
   * @param teacherHidden the hidden size of the teacher
   * @param studentHidden the hidden sizes of the students
   * @return a number from 1 to 16
   */
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

package ernie4j.training.data;

import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, with a number, for example how similar the two are.
 *
 * @param text the text, or the first of the pair
 * @param pair the second text; null for a single text
 * @param score the number; NaN if it is to be predicted
 */
public record ScoredExample(String text, @Nullable String pair, double score) {
  /**
   * Checks the score.
   *
   * @throws IllegalArgumentException if it is infinite
   */
  public ScoredExample {
    if (Double.isInfinite(score)) {
      throw new IllegalArgumentException("expected a score that is a number, got " + score);
    }
  }

  /** {@return the text, or both texts of a pair with a bar between them, for people to read} */
  public String toDisplay() {
    return new TextExample(text, pair, null).toDisplay();
  }
}

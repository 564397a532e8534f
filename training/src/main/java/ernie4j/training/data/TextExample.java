package ernie4j.training.data;

import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, and its class.
 *
 * @param text the text, or the first of the pair
 * @param pair the second text; null for a single text
 * @param label the name of its class; null where it is to be predicted
 */
public record TextExample(String text, @Nullable String pair, @Nullable String label) {
  /** A single text. */
  public static TextExample of(String text, String label) {
    return new TextExample(text, null, label);
  }

  /**
   * The label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String requireLabel() {
    if (label == null) {
      throw new IllegalArgumentException(
          "expected a label for every text, got none for '%s'".formatted(toDisplay()));
    }
    return label;
  }

  /** The text, or both of a pair with a bar between them, for people. */
  public String toDisplay() {
    return pair == null ? text : text + " | " + pair;
  }
}

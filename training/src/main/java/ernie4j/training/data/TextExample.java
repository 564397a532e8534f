package ernie4j.training.data;

import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, and its class.
 *
 * @param text the text, or the first of the pair
 * @param pair the second text; null for a single text
 * @param label the name of its class; null if it is to be predicted
 */
public record TextExample(String text, @Nullable String pair, @Nullable String label) {
  /**
   * Creates a labelled example of a single text.
   *
   * @param text the text
   * @param label the name of its class
   * @return an example without a second text
   */
  public static TextExample of(String text, String label) {
    return new TextExample(text, null, label);
  }

  /**
   * {@return the label of the text}
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

  /** {@return the text, or both texts of a pair with a bar between them, for people to read} */
  public String toDisplay() {
    return pair == null ? text : text + " | " + pair;
  }
}

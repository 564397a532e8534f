package ernie4j.training.data;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, and all the labels that apply to it.
 *
 * @param text the text, or the first of the pair
 * @param pair the second text; null for a single text
 * @param labels the names, none twice; empty if none applies. Where the labels are to be predicted
 *     it is empty, too: the list that an example is in says which is meant
 */
public record MultiLabelExample(String text, @Nullable String pair, List<String> labels) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if a label is blank or there twice
   */
  public MultiLabelExample {
    labels = List.copyOf(labels);
    if (Set.copyOf(labels).size() != labels.size() || labels.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "expected labels, none blank and none twice, got " + labels);
    }
  }

  /** The text, or both of a pair with a bar between them, for people. */
  public String toDisplay() {
    return new TextExample(text, pair, null).toDisplay();
  }
}

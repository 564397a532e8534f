package ernie4j.training.data;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, and all the labels that apply to it.
 *
 * @param text the text, or the first of the pair
 * @param pair the second text; null for a single text
 * @param labels the names of the labels, each once; empty if none applies. It is also empty if the
 *     labels are to be predicted; the context of the example decides which is meant
 */
public record MultiLabelExample(String text, @Nullable String pair, List<String> labels) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if a label is blank or appears twice
   */
  public MultiLabelExample {
    labels = List.copyOf(labels);
    if (Set.copyOf(labels).size() != labels.size() || labels.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "expected labels, none blank and none twice, got " + labels);
    }
  }

  /** {@return the text, or both texts of a pair with a bar between them, for people to read} */
  public String toDisplay() {
    return new TextExample(text, pair, null).toDisplay();
  }
}

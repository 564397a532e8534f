package ernie4j.server.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text of a request.
 *
 * @param text the text, or the question to answer
 * @param other the second text of a pair, or the context of a question
 * @param history what was said before in a dialogue, the oldest first
 */
public record Input(String text, @Nullable String other, List<String> history) {
  /** Keeps an unmodifiable copy. */
  public Input {
    history = List.copyOf(history);
  }

  /** A text or a pair that is not part of a dialogue. */
  public Input(String text, @Nullable String other) {
    this(text, other, List.of());
  }

  /** The number of UTF-16 chars in all texts. */
  int characters() {
    return text.length()
        + (other == null ? 0 : other.length())
        + history.stream().mapToInt(String::length).sum();
  }
}

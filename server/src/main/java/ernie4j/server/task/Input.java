package ernie4j.server.task;

import org.jspecify.annotations.Nullable;

/**
 * A text of a request.
 *
 * @param text the text, or the question to answer
 * @param other the second text of a pair, or the context of a question
 */
public record Input(String text, @Nullable String other) {
  /** The number of UTF-16 chars in all texts. */
  int characters() {
    return text.length() + (other == null ? 0 : other.length());
  }
}

package ernie4j.training.data;

import java.util.List;

/**
 * A text and the spans in it that have a type, for example names of people.
 *
 * @param spans in order, without overlaps
 */
public record TaggedExample(String text, List<Span> spans) {
  /**
   * Checks and copies the spans.
   *
   * @throws IllegalArgumentException if one is empty, out of order or outside of the text
   */
  public TaggedExample {
    spans = List.copyOf(spans);
    int end = 0;
    for (Span span : spans) {
      if (span.start() < end || span.end() <= span.start() || span.end() > text.length()) {
        throw new IllegalArgumentException(
            "expected spans in order, without overlaps, in a text of %d characters; got %s"
                .formatted(text.length(), spans));
      }
      end = span.end();
    }
  }

  /**
   * A part of a text.
   *
   * @param type what it is, for example {@code PER}
   * @param start index of its first char (UTF-16)
   * @param end index behind its last char
   */
  public record Span(String type, int start, int end) {}
}

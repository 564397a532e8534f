package ernie4j.training.data;

import java.util.List;

/**
 * A text and the typed spans in it, for example names of people.
 *
 * @param text the text
 * @param spans the spans in order, without overlaps
 */
public record TaggedExample(String text, List<LabelledSpan> spans) {
  /**
   * Checks and copies the spans.
   *
   * @throws IllegalArgumentException if a span is empty, out of order or outside of the text
   */
  public TaggedExample {
    spans = List.copyOf(spans);
    int end = 0;
    for (LabelledSpan span : spans) {
      if (span.start() < end || span.end() <= span.start() || span.end() > text.length()) {
        throw new IllegalArgumentException(
            "expected spans in order, without overlaps, in a text of %d characters; got %s"
                .formatted(text.length(), spans));
      }
      end = span.end();
    }
  }

  /** A span without the blanks at its ends, which are not tokens; empty if it has only blanks. */
  static LabelledSpan withoutBlanks(String text, LabelledSpan span) {
    int start = span.start();
    int end = span.end();
    while (start < end && isBlank(text.charAt(end - 1))) {
      end--;
    }
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    return new LabelledSpan(span.type(), start, end);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}

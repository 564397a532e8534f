package ernie4j.engine.head;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spans from the labels of consecutive tokens. A span begins at {@code B-x}, continues with {@code
 * I-x} and ends before anything else, after {@code E-x}, or with the last token; {@code S-x} is a
 * span of one token. {@link TagScheme} describes other forms of such labels. {@code I-x} and {@code
 * E-x} without a beginning are ignored unless the scheme has no other beginnings.
 *
 * <p>The original post-processing differs in two points, which are regarded as defects: it drops a
 * span that reaches the last token, and it continues a span through labels of other types.
 */
public final class LabelSpans {
  private LabelSpans() {}

  /**
   * A labelled span of tokens.
   *
   * @param type the label without {@code B-}
   * @param first index of the first token
   * @param last index of the last token
   */
  public record Span(String type, int first, int last) {}

  /**
   * Finds the spans of labels in the usual form, {@code B-x}.
   *
   * @param labels the labels of consecutive tokens
   * @return the spans in order; they do not overlap
   */
  public static List<Span> of(List<String> labels) {
    return of(labels, TagScheme.LETTER_FIRST);
  }

  /**
   * Finds the spans of labels of a scheme.
   *
   * @param labels the labels of consecutive tokens
   * @param scheme how the labels mark spans
   * @return the spans in order; they do not overlap
   */
  public static List<Span> of(List<String> labels, TagScheme scheme) {
    List<Span> spans = new ArrayList<>();
    String type = null;
    int first = 0;
    for (int i = 0; i < labels.size(); i++) {
      TagScheme.Tag tag = scheme.tag(labels.get(i));
      TagScheme.Place place = tag.place();
      boolean ends = place == TagScheme.Place.LAST || place == TagScheme.Place.ALONE;
      boolean further = place == TagScheme.Place.INSIDE || place == TagScheme.Place.LAST;
      if (!further || !tag.type().equals(type)) {
        add(spans, type, first, i - 1);
        boolean begins = further ? scheme.insideBegins() : place != TagScheme.Place.OUTSIDE;
        type = begins ? tag.type() : null;
        first = i;
      }
      if (ends) {
        add(spans, type, first, i);
        type = null;
      }
    }
    add(spans, type, first, labels.size() - 1);
    return spans;
  }

  private static void add(List<Span> spans, @Nullable String type, int first, int last) {
    if (type != null) {
      spans.add(new Span(type, first, last));
    }
  }
}

package ernie4j.engine.head;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spans from the labels of consecutive tokens. A span begins at {@code B-x}, goes on with {@code
 * I-x} and ends before anything else or with the last token. In the BIOES scheme {@code E-x} is a
 * span's last token and {@code S-x} a span of one. {@code I-x} and {@code E-x} without a beginning
 * are ignored.
 *
 * <p>The original post-processing differs in two points that are taken for defects: it drops a span
 * that reaches the last token, and it goes on through labels of other types.
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

  /** The spans of a sequence of labels, in order. */
  public static List<Span> of(List<String> labels) {
    List<Span> spans = new ArrayList<>();
    String type = null;
    int first = 0;
    for (int i = 0; i < labels.size(); i++) {
      String label = labels.get(i);
      if (type != null && label.equals("I-" + type)) {
        continue;
      }
      if (type != null && label.equals("E-" + type)) {
        spans.add(new Span(type, first, i));
        type = null;
        continue;
      }
      add(spans, type, first, i - 1);
      type = label.startsWith("B-") ? label.substring(2) : null;
      first = i;
      if (label.startsWith("S-")) {
        spans.add(new Span(label.substring(2), i, i));
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

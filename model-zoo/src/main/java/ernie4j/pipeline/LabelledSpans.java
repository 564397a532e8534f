package ernie4j.pipeline;

import ernie4j.engine.head.LabelSpans;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;

/** From labels of tokens to spans of the caller's text. */
final class LabelledSpans {
  private LabelledSpans() {}

  /**
   * A span.
   *
   * @param firstToken index of its first token in the encoding
   * @param lastToken index of its last token
   * @param start index of its first char (UTF-16) in the text
   * @param end index behind its last char
   */
  record Span(String type, int firstToken, int lastToken, int start, int end) {}

  /**
   * The spans of a text, in order and without overlap.
   *
   * @param labels the labels of the tokens from the one behind [CLS] on
   */
  static List<Span> of(Encoding encoding, List<String> labels) {
    List<Span> found = new ArrayList<>();
    int behind = 0;
    for (LabelSpans.Span span : LabelSpans.of(labels)) {
      int first = span.first() + 1;
      int last = span.last() + 1;
      // Several tokens can come from one character (a Hangul syllable): the first span keeps it.
      int start = Math.max(behind, encoding.start(first));
      int end = encoding.end(last);
      if (start < end) {
        found.add(new Span(span.type(), first, last, start, end));
        behind = end;
      }
    }
    return found;
  }
}

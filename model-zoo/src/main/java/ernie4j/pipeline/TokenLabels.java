package ernie4j.pipeline;

import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.TagScheme;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The label of every token that was read of a text, and the spans that labels make.
 *
 * @param encoding the encoding of the text
 * @param names the labels of the tokens from the one after [CLS] on
 * @param rows the rows of logits of these tokens
 */
record TokenLabels(Encoding encoding, List<String> names, List<LogitRow> rows) {
  /** A row of logits, of which {@code best} is the chosen one. */
  static final class LogitRow {
    private final float[] logits;
    private final int offset;
    private final int width;
    private final int best;

    private LogitRow(float[] logits, int offset, int width, int best) {
      this.logits = logits;
      this.offset = offset;
      this.width = width;
      this.best = best;
    }

    static LogitRow of(float[] logits, int row, int width) {
      return of(logits, row, width, Logits.argmax(logits, row * width, width));
    }

    static LogitRow of(float[] logits, int row, int width, int best) {
      return new LogitRow(logits, row * width, width, best);
    }

    private double probability() {
      return Logits.probability(logits, offset, width, best);
    }
  }

  static TokenLabels of(Encoding encoding, List<LogitRow> rows, List<String> labels) {
    return new TokenLabels(
        encoding,
        rows.stream().map(row -> labels.get(row.best)).collect(Collectors.toList()),
        rows);
  }

  /** The spans of the text, in order and without overlap. */
  List<Span> spans(String text) {
    return spans(text, TagScheme.LETTER_FIRST);
  }

  /** The spans of the text, in order and without overlap, from labels in some scheme. */
  List<Span> spans(String text, TagScheme scheme) {
    List<Span> found = new ArrayList<>();
    int behind = 0;
    for (LabelSpans.Span span : LabelSpans.of(names, scheme)) {
      // Several tokens can come from one character (a Hangul syllable): the first span keeps it.
      int start = Math.max(behind, encoding.start(span.first() + 1));
      int end = encoding.end(span.last() + 1);
      if (start < end) {
        String part = text.substring(start, end);
        found.add(new Span(span.type(), part, start, end, probability(span.first(), span.last())));
        behind = end;
      }
    }
    return found;
  }

  /** The probability that all labels are right, as if they did not depend on each other. */
  double probability() {
    return probability(0, rows.size() - 1);
  }

  private double probability(int first, int last) {
    double probability = 1;
    for (int t = first; t <= last; t++) {
      probability *= rows.get(t).probability();
    }
    return probability;
  }
}

package ernie4j.pipeline;

import ernie4j.engine.head.ConstrainedTags;
import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.TagScheme;
import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The label of every token that was read of a text, and the spans that labels make. */
final class TokenLabels {
  private final Encoding encoding;
  private final int width;
  private final Optional<ConstrainedTags> constraint;
  private final float[] logits;
  private final int from;
  private final int[] chosen;
  private final List<String> names;

  private TokenLabels(
      Encoding encoding,
      List<String> labels,
      Optional<ConstrainedTags> constraint,
      float[] logits,
      int from,
      int[] chosen) {
    this.encoding = encoding;
    this.width = labels.size();
    this.constraint = constraint;
    this.logits = logits;
    this.from = from;
    this.chosen = chosen;
    names = Arrays.stream(chosen).mapToObj(labels::get).collect(Collectors.toList());
  }

  /**
   * Chooses a label for each of the first tokens of a text.
   *
   * @param encoding the encoding of the text
   * @param labels the labels in the order of the logits
   * @param constraint which sequences of labels are allowed; empty for all
   * @param logits {@code [rows, labels]}
   * @param from the row of the token after [CLS]
   * @param to the row after that of the last token
   */
  static TokenLabels of(
      Encoding encoding,
      List<String> labels,
      Optional<ConstrainedTags> constraint,
      float[] logits,
      int from,
      int to) {
    int[] chosen =
        constraint.isPresent()
            ? constraint.get().best(logits, from, to)
            : Logits.argmaxOfRows(logits, from, to, labels.size());
    return new TokenLabels(encoding, labels, constraint, logits, from, chosen);
  }

  /** The labels of the tokens from the one after [CLS] on. */
  List<String> names() {
    return names;
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

  /**
   * The probability that all labels are right, as if they did not depend on each other, among the
   * sequences that are allowed.
   */
  double probability() {
    double allowed =
        constraint.map(tags -> tags.probability(logits, from, from + chosen.length)).orElse(1.0);
    return probability(0, chosen.length - 1) / allowed;
  }

  private double probability(int first, int last) {
    double probability = 1;
    for (int t = first; t <= last; t++) {
      probability *= Logits.probability(logits, (from + t) * width, width, chosen[t]);
    }
    return probability;
  }
}

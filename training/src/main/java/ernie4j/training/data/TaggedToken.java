package ernie4j.training.data;

import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.TagScheme;
import ernie4j.tokenizer.UnicodeData;
import java.util.ArrayList;
import java.util.List;

/** A token of an annotated text. */
record TaggedToken(TextLines.Line line, String token, String tag) {
  /** Joins tokens to a text and tags to spans; see {@link TagFiles}. */
  static TaggedExample example(List<TaggedToken> tokens, TagScheme scheme) {
    StringBuilder text = new StringBuilder();
    List<String> tags = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    int lastLength = 0;
    for (TaggedToken each : tokens) {
      String token = each.token();
      if (token.isEmpty()) {
        continue;
      }
      if (needsBlank(text, lastLength, token)) {
        text.append(' ');
      }
      starts.add(text.length());
      text.append(token);
      ends.add(text.length());
      tags.add(each.tag());
      lastLength = characters(token);
    }
    List<LabelledSpan> spans = new ArrayList<>();
    for (LabelSpans.Span span : LabelSpans.of(tags, scheme)) {
      LabelledSpan trimmed =
          TaggedExample.withoutBlanks(
              text.toString(),
              new LabelledSpan(span.type(), starts.get(span.first()), ends.get(span.last())));
      if (trimmed.start() < trimmed.end()) {
        spans.add(trimmed);
      }
    }
    return new TaggedExample(text.toString(), spans);
  }

  private static boolean needsBlank(StringBuilder text, int lastLength, String token) {
    return !text.isEmpty()
        && (lastLength > 1 || characters(token) > 1)
        && UnicodeData.isWordPart(text.codePointBefore(text.length()))
        && UnicodeData.isWordPart(token.codePointAt(0));
  }

  private static int characters(String token) {
    return token.codePointCount(0, token.length());
  }
}

package ernie4j.training.data;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The texts of a JSON object, whichever of the known fields they stand in; see TextFiles. */
final class TextFields {
  private TextFields() {}

  /**
   * A text or a pair.
   *
   * @param pair the second text; null for a single text
   */
  record Texts(String text, @Nullable String pair) {}

  static Texts read(JsonFields fields) throws IOException {
    if (fields.has("target")) {
      return new Texts(markedSpans(fields), null);
    }
    if (fields.has("text")) {
      String pair = fields.has("text_pair") ? fields.text("text_pair") : null;
      return new Texts(fields.text("text"), pair);
    }
    if (fields.has("sentence1")) {
      return new Texts(fields.text("sentence1"), fields.text("sentence2"));
    }
    if (fields.has("abst")) {
      String keywords = String.join(" ", fields.texts("keyword"));
      return new Texts(keywords, fields.text("abst"));
    }
    if (fields.has("content")) {
      return new Texts(fields.text("content"), null);
    }
    if (fields.has("sentence")) {
      return new Texts(fields.text("sentence"), null);
    }
    throw fields.error(
        "a field text, sentence, sentence1, content or abst", JsonFields.shown(fields.node()));
  }

  /** The text of a Winograd example with both spans marked; places count code points. */
  private static String markedSpans(JsonFields fields) throws IOException {
    String text = fields.text("text");
    JsonFields target = fields.field("target");
    int name = place(target, text, "span1");
    int pronoun = place(target, text, "span2");
    int nameEnd = name + target.text("span1_text").length();
    int pronounEnd = pronoun + target.text("span2_text").length();
    StringBuilder marked = new StringBuilder(text);
    if (pronoun > name) {
      marked.insert(pronounEnd, "]").insert(pronoun, "[").insert(nameEnd, "_").insert(name, "_");
    } else {
      marked.insert(nameEnd, "_").insert(name, "_").insert(pronounEnd, "]").insert(pronoun, "[");
    }
    return marked.toString();
  }

  private static int place(JsonFields target, String text, String span) throws IOException {
    int index = target.integer(span + "_index");
    String words = target.text(span + "_text");
    if (index >= 0 && index <= text.codePointCount(0, text.length())) {
      int start = text.offsetByCodePoints(0, index);
      if (text.startsWith(words, start)) {
        return start;
      }
    }
    throw target.error(
        "'%s' at character %d of the text".formatted(words, index),
        JsonFields.shown(target.node()));
  }
}

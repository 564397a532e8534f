package ernie4j.training.data;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The texts of a JSON object in any of the known fields; see {@link TextFiles}. */
final class TextFields {
  private TextFields() {}

  /**
   * A text or a pair.
   *
   * @param pair the second text; null for a single text
   */
  record Texts(String text, @Nullable String pair) {}

  /**
   * The texts of an object.
   *
   * @param others the names of other fields that are read
   */
  static Texts read(JsonFields fields, String... others) throws IOException {
    List<String> form = form(fields);
    fields.requireOnly(Stream.concat(form.stream(), Stream.of(others)));
    String first = form.get(0);
    if (first.equals("target")) {
      return new Texts(markedSpans(fields), null);
    }
    if (first.equals("abst")) {
      return new Texts(String.join(" ", fields.texts("keyword")), fields.text("abst"));
    }
    if (form.size() == 1 || (first.startsWith("text") && !fields.has(form.get(1)))) {
      return new Texts(fields.text(first), null);
    }
    return new Texts(fields.text(first), fields.text(form.get(1)));
  }

  /** The fields that hold the texts; a file that has the first of them is in that format. */
  private static List<String> form(JsonFields fields) throws IOException {
    List<List<String>> forms =
        List.of(
            List.of("target", "text"),
            List.of("text", "text_pair"),
            List.of("text_a", "text_b"),
            List.of("sentence1", "sentence2"),
            List.of("abst", "keyword"),
            List.of("content"),
            List.of("sentence"));
    for (List<String> form : forms) {
      if (fields.has(form.get(0))) {
        return form;
      }
    }
    throw fields.error(
        "a field text, text_a, sentence, sentence1, content or abst",
        JsonFields.shown(fields.node()));
  }

  /** The text of a Winograd example with both spans marked; offsets count code points. */
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

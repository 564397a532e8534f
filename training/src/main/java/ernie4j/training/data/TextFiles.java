package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and pairs with their classes.
 *
 * <p>{@code .json} and {@code .jsonl} files hold one object a line. The fields say which kind it
 * is:
 *
 * <ul>
 *   <li>our own: {@code {"text": ..., "text_pair": ..., "label": ...}}, the pair left out for a
 *       single text
 *   <li>CLUE and FewCLUE: {@code sentence} (tnews, iflytek, eprstmt), {@code sentence1} and {@code
 *       sentence2} (afqmc, ocnli, cmnli, bustm), {@code content} (csldcp), {@code abst} and {@code
 *       keyword} (csl: the keywords with a blank between them are the first text), {@code text} and
 *       {@code target} (cluewsc: the first span is put between {@code _}, the pronoun in {@code
 *       []}), each with {@code label}
 * </ul>
 *
 * <p>A label may be a text or a number; pairs with the label {@code -}, on which the annotators did
 * not agree, are left out as the reference does. Every other file is a {@link TableFile}.
 */
public final class TextFiles {
  private TextFiles() {}

  /**
   * Reads a file.
   *
   * @param columns of a table; null to go by well-known names in its first line
   * @throws IOException if it cannot be read, a line is not what its format says, or there is none
   */
  public static List<TextExample> read(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    return isJson(file) ? readJsonLines(file) : TableFile.read(file, columns);
  }

  static boolean isJson(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".json") || name.endsWith(".jsonl");
  }

  private static List<TextExample> readJsonLines(Path file) throws IOException {
    List<TextExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.lines(file)) {
      TextExample example = example(fields);
      if (!"-".equals(example.label()) || example.pair() == null) {
        examples.add(example);
      }
    }
    return TextLines.requireExamples(file, examples);
  }

  private static TextExample example(JsonFields fields) throws IOException {
    String label = fields.has("label") ? fields.text("label") : null;
    if (fields.has("target")) {
      return new TextExample(markedSpans(fields), null, label);
    }
    if (fields.has("text")) {
      String pair = fields.has("text_pair") ? fields.text("text_pair") : null;
      return new TextExample(fields.text("text"), pair, label);
    }
    if (fields.has("sentence1")) {
      return new TextExample(fields.text("sentence1"), fields.text("sentence2"), label);
    }
    if (fields.has("abst")) {
      String keywords = String.join(" ", fields.texts("keyword"));
      return new TextExample(keywords, fields.text("abst"), label);
    }
    if (fields.has("content")) {
      return new TextExample(fields.text("content"), null, label);
    }
    if (fields.has("sentence")) {
      return new TextExample(fields.text("sentence"), null, label);
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
    JsonNode node = target.node();
    throw target.error(
        "'%s' at character %d of the text".formatted(words, index), JsonFields.shown(node));
  }
}

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
 * <p>{@code .json} and {@code .jsonl} files hold one object per line, or a list of objects. The
 * fields determine the format:
 *
 * <ul>
 *   <li>our own: {@code {"text": ..., "text_pair": ..., "label": ...}}, without the pair for a
 *       single text; {@code text_a} and {@code text_b} are accepted, too
 *   <li>CLUE and FewCLUE: {@code sentence} (tnews, iflytek, eprstmt), {@code sentence1} and {@code
 *       sentence2} (afqmc, ocnli, cmnli, bustm), {@code content} (csldcp), {@code abst} and {@code
 *       keyword} (csl: the keywords, joined by blanks, are the first text), {@code text} and {@code
 *       target} (cluewsc: the first span is put between {@code _}, the pronoun in {@code []}), each
 *       with {@code label}
 * </ul>
 *
 * <p>A label may be a text or a number; pairs with the label {@code -}, on which the annotators did
 * not agree, are left out as in the reference. Unknown fields are rejected by name unless they
 * begin with _. Every other file is a {@link TableFile}.
 */
public final class TextFiles {
  /** The label fields of all tasks, because a text without its label may be from any of them. */
  private static final String[] LABELS = {"label", "labels", "score", "similarity"};

  private TextFiles() {}

  /**
   * Reads a file.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table; null to find them by well-known names in its first line
   * @return the examples in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, or there is
   *     no example
   */
  public static List<TextExample> read(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    return isJson(file) ? readJsonLines(file) : TableFile.read(file, columns);
  }

  /**
   * Reads the texts of a file without their labels or scores.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table, where that of the label may be null; null to find them
   *     by well-known names in its first line
   * @return every text or pair, with a null label, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, or there is
   *     no text
   */
  public static List<TextExample> readUnlabelled(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    List<TextExample> examples = new ArrayList<>();
    if (isJson(file)) {
      for (JsonFields fields : JsonFields.objects(file)) {
        TextFields.Texts texts = TextFields.read(fields, LABELS);
        examples.add(new TextExample(texts.text(), texts.pair(), null));
      }
    } else {
      for (TableFile.Entry entry : TableFile.unlabelled(file, columns)) {
        examples.add(new TextExample(entry.text(), entry.pair(), null));
      }
    }
    return examples;
  }

  static boolean isJson(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".json") || name.endsWith(".jsonl");
  }

  private static List<TextExample> readJsonLines(Path file) throws IOException {
    List<TextExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.objects(file)) {
      TextFields.Texts texts = TextFields.read(fields, "label");
      String label = fields.has("label") ? label(fields) : null;
      if (!"-".equals(label) || texts.pair() == null) {
        examples.add(new TextExample(texts.text(), texts.pair(), label));
      }
    }
    return TextLines.requireExamples(file, examples);
  }

  /** Annotation tools write a list even if there can be only one label. */
  private static String label(JsonFields fields) throws IOException {
    JsonNode value = fields.node().get("label");
    if (!value.isArray()) {
      return fields.text("label");
    }
    if (value.size() != 1 || !value.get(0).isValueNode()) {
      throw fields.error(
          "one label in 'label' (a text with several is an example of multi-label classification)",
          JsonFields.shown(value));
    }
    return value.get(0).asText();
  }
}

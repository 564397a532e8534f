package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and pairs with a number each.
 *
 * <ul>
 *   <li>{@code .json} and {@code .jsonl}, one object per line: {@code {"text": ..., "text_pair":
 *       ..., "score": 3.5}}; the number may also be called {@code similarity} or {@code label} and
 *       may be written as a string; the texts may be in any of the fields that {@link TextFiles}
 *       knows
 *   <li>every other file is a {@link TableFile}; unless given, the column of the number is the one
 *       named score, similarity or label
 * </ul>
 */
public final class ScoredFiles {
  private static final String[] FIELDS = {"score", "similarity", "label"};

  private ScoredFiles() {}

  /**
   * Reads a file with scores.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table; null to find them by well-known names in its first line
   * @return the examples in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, a score is
   *     not a finite number, or there is no example
   */
  public static List<ScoredExample> read(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    List<ScoredExample> examples = new ArrayList<>();
    if (TextFiles.isJson(file)) {
      for (JsonFields fields : JsonFields.objects(file)) {
        TextFields.Texts texts = TextFields.read(fields, FIELDS);
        JsonFields value = fields.field(FIELDS);
        JsonNode node = value.node();
        OptionalDouble score =
            node.isNumber() || node.isTextual() ? number(node.asText()) : OptionalDouble.empty();
        if (score.isEmpty()) {
          throw value.error("a score that is a finite number", JsonFields.shown(node));
        }
        examples.add(new ScoredExample(texts.text(), texts.pair(), score.getAsDouble()));
      }
    } else {
      for (TableFile.Entry entry : TableFile.labelled(file, columns, List.of(FIELDS))) {
        OptionalDouble score = number(entry.label());
        if (score.isEmpty()) {
          throw entry.error("a score that is a finite number", "'" + entry.label() + "'");
        }
        examples.add(new ScoredExample(entry.text(), entry.pair(), score.getAsDouble()));
      }
    }
    return examples;
  }

  /**
   * Reads the texts of a file, for predictions or to learn from a teacher. Scores may be missing
   * and are not read.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table, where that of the score may be null; null to find them
   *     by well-known names in its first line
   * @return examples whose score is NaN in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, or there is
   *     no text
   */
  public static List<ScoredExample> readUnlabelled(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    return TextFiles.readUnlabelled(file, columns).stream()
        .map(example -> new ScoredExample(example.text(), example.pair(), Double.NaN))
        .toList();
  }

  /**
   * BigDecimal accepts neither NaN nor the suffixes and hexadecimal digits of Java's number
   * literals.
   */
  private static OptionalDouble number(String text) {
    try {
      double value = new BigDecimal(text.strip()).doubleValue();
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}

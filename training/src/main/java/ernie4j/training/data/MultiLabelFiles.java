package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and pairs with any number of labels each.
 *
 * <ul>
 *   <li>{@code .json} and {@code .jsonl}, one object per line: {@code {"text": ..., "text_pair":
 *       ..., "labels": ["a", "b"]}}, or a single {@code label}; the texts may be in any of the
 *       fields that {@link TextFiles} knows
 *   <li>every other file is a {@link TableFile} whose label cell holds the labels separated by
 *       commas, as in PaddleNLP; an empty cell means that none applies. Unless given, the column is
 *       the one named labels, label, class or intent
 * </ul>
 */
public final class MultiLabelFiles {
  private static final List<String> COLUMNS = List.of("labels", "label", "class", "intent");

  private MultiLabelFiles() {}

  /**
   * Reads a file with labels.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table; null to find them by well-known names in its first line
   * @return the examples in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format or has no
   *     field for labels, or there is no example
   */
  public static List<MultiLabelExample> read(Path file, TableFile.@Nullable Columns columns)
      throws IOException {
    List<MultiLabelExample> examples = new ArrayList<>();
    if (TextFiles.isJson(file)) {
      for (JsonFields fields : JsonFields.objects(file)) {
        TextFields.Texts texts = TextFields.read(fields, "labels", "label");
        JsonFields value = fields.field("labels", "label");
        try {
          examples.add(new MultiLabelExample(texts.text(), texts.pair(), labels(value)));
        } catch (IllegalArgumentException e) {
          throw new IOException("%s: %s: %s".formatted(file, fields.place(), e.getMessage()), e);
        }
      }
    } else {
      for (TableFile.Entry entry : TableFile.labelled(file, columns, COLUMNS)) {
        try {
          examples.add(new MultiLabelExample(entry.text(), entry.pair(), labels(entry.label())));
        } catch (IllegalArgumentException e) {
          throw entry.error("labels with commas between them, none twice", entry.label());
        }
      }
    }
    return examples;
  }

  /**
   * Reads the texts of a file, for predictions or to learn from a teacher. Labels may be missing
   * and are not read.
   *
   * @param file a table, or JSON by its extension, in UTF-8
   * @param columns the columns of a table, where that of the label may be null; null to find them
   *     by well-known names in its first line
   * @return examples without labels in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, or there is
   *     no text
   */
  public static List<MultiLabelExample> readUnlabelled(
      Path file, TableFile.@Nullable Columns columns) throws IOException {
    return TextFiles.readUnlabelled(file, columns).stream()
        .map(example -> new MultiLabelExample(example.text(), example.pair(), List.of()))
        .toList();
  }

  private static List<String> labels(JsonFields value) throws IOException {
    List<String> labels = new ArrayList<>();
    for (JsonNode node : value.node().isArray() ? value.node() : List.of(value.node())) {
      if (!node.isValueNode() || node.isNull()) {
        throw value.error("a label or a list of labels", JsonFields.shown(value.node()));
      }
      labels.add(node.asText());
    }
    return labels;
  }

  private static List<String> labels(String cell) {
    return cell.isEmpty()
        ? List.of()
        : Arrays.stream(cell.split(",", -1)).map(String::strip).toList();
  }
}

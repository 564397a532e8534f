package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and pairs to which any number of labels applies.
 *
 * <ul>
 *   <li>{@code .json} and {@code .jsonl}, an object a line: {@code {"text": ..., "text_pair": ...,
 *       "labels": ["a", "b"]}}, or a single {@code label}; the texts may stand in any of the fields
 *       that {@link TextFiles} knows
 *   <li>every other file is a {@link TableFile} whose label cell holds the labels with commas
 *       between them, as PaddleNLP has them; an empty cell says that none applies. The column is
 *       named labels, label, class or intent if it is not given
 * </ul>
 */
public final class MultiLabelFiles {
  private static final List<String> COLUMNS = List.of("labels", "label", "class", "intent");

  private MultiLabelFiles() {}

  /**
   * Reads a file with labels.
   *
   * @param columns of a table; null to go by well-known names in its first line
   * @throws IOException if it cannot be read, a line is not what its format says or has no field
   *     for labels, or there is none
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
   * Reads the texts of a file, for predictions or to learn from a teacher: labels need not be there
   * and are not read.
   *
   * @param columns of a table, of which the label's is not needed; null to go by well-known names
   * @throws IOException if it cannot be read, a line is not what its format says, or there is none
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

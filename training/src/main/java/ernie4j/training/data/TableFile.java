package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts and classes from a table in UTF-8. {@code .csv} files are separated by commas and may
 * have quoted cells that contain commas and line breaks (RFC 4180). All others are separated by
 * tabs and have no quotes.
 */
public final class TableFile {
  private static final List<String> TEXT =
      List.of("text", "text_a", "sentence", "sentence1", "content", "review", "query");
  private static final List<String> PAIR = List.of("text_pair", "text_b", "sentence2");
  private static final List<String> LABEL = List.of("label", "class", "intent");

  /** A second text in a column with such a name would be lost silently. */
  private static final Pattern TEXT_LIKE =
      Pattern.compile(
          "(?i)(text|sentence|content|review|query|question|title|premise|hypothesis|passage|document)[ _-]*(pair|a|b|c|[0-9])?");

  private TableFile() {}

  /**
   * Which columns of a table to read. A column is given by its name in the first line, or by its
   * number, counted from 1.
   *
   * @param text the column of the text, or of the first of a pair
   * @param pair the column of the second text of a pair; null for single texts
   * @param label the column of the class; null if there is none
   * @param header whether the first line holds names; if not, columns can only be given by number
   */
  public record Columns(
      String text, @Nullable String pair, @Nullable String label, boolean header) {}

  /**
   * Reads a table.
   *
   * @param file the table, in UTF-8
   * @param columns the columns to read; null for well-known names in the first line: text, text_a,
   *     sentence, sentence1, content, review or query; text_pair, text_b or sentence2; label, class
   *     or intent
   * @return the rows in the order of the file, at least one
   * @throws IOException if the file cannot be read, a row lacks a column or its label is empty, or
   *     there is no row
   */
  public static List<TextExample> read(Path file, @Nullable Columns columns) throws IOException {
    List<TextExample> examples = new ArrayList<>();
    for (Entry entry : entries(file, columns, LABEL, false)) {
      String label = entry.column < 0 ? null : entry.label();
      if (label != null && label.isEmpty()) {
        throw entry.error("a label", "none");
      }
      examples.add(new TextExample(entry.text, entry.pair, label));
    }
    return examples;
  }

  /**
   * The contents of a row.
   *
   * @param column the index of the label's column; -1 if there is none
   */
  record Entry(Row row, String text, @Nullable String pair, int column) {
    /** The label, without blanks around it. */
    String label() {
      return row.cells.get(column).strip();
    }

    /** An error about the label. */
    IOException error(String expected, String got) {
      return row.error("%s in column %d".formatted(expected, column + 1), got + ": " + row.shown());
    }
  }

  /**
   * The rows of a table that must have a label column.
   *
   * @param labels the well-known names of that column; the first present one counts
   */
  static List<Entry> labelled(Path file, @Nullable Columns columns, List<String> labels)
      throws IOException {
    if (columns != null && columns.label == null) {
      throw new IOException(file + ": expected a column for the label, got only columns for texts");
    }
    return entries(file, columns, labels, true);
  }

  /** The rows of a table, with or without labels. */
  static List<Entry> unlabelled(Path file, @Nullable Columns columns) throws IOException {
    return entries(
        file,
        columns == null ? null : new Columns(columns.text, columns.pair, null, columns.header),
        List.of(),
        false);
  }

  private static List<Entry> entries(
      Path file, @Nullable Columns columns, List<String> labels, boolean labelled)
      throws IOException {
    List<Row> rows = rows(file);
    if (rows.isEmpty()) {
      throw new IOException(file + ": expected at least one row, got none");
    }
    Row first = rows.get(0);
    Columns chosen = columns == null ? guess(first, labels, labelled) : columns;
    int text = index(first, chosen.text(), chosen.header());
    int pair = chosen.pair() == null ? -1 : index(first, chosen.pair(), chosen.header());
    int label = chosen.label() == null ? -1 : index(first, chosen.label(), chosen.header());
    int width = chosen.header() ? first.cells.size() : 1 + Math.max(text, Math.max(pair, label));
    List<Entry> entries = new ArrayList<>();
    for (Row row : rows.subList(chosen.header() ? 1 : 0, rows.size())) {
      int got = row.cells.size();
      if (got < width || (chosen.header() && got > width)) {
        throw row.error(
            "%d columns%s".formatted(width, chosen.header() ? " as in the first line" : " or more"),
            got + ": " + row.shown());
      }
      entries.add(
          new Entry(row, row.cells.get(text), pair < 0 ? null : row.cells.get(pair), label));
    }
    return TextLines.requireExamples(file, entries);
  }

  private static Columns guess(Row first, List<String> labels, boolean labelled)
      throws IOException {
    String text = known(first, TEXT);
    String label = known(first, labels);
    if (text == null || (labelled && label == null)) {
      throw first.error(
          "column names, one of them of %s; name the columns, or, if there is no line of names, give their numbers: for example --text-column 1 --label-column 2"
              .formatted(text == null ? TEXT : labels),
          first.shown());
    }
    String pair = known(first, PAIR);
    for (String name : first.cells) {
      if (!name.equals(text) && !name.equals(pair) && TEXT_LIKE.matcher(name).matches()) {
        throw first.error(
            "texts only in the columns '%s'%s; name the columns, for example --text-column %s --text-pair-column %s, or rename the others"
                .formatted(text, pair == null ? "" : " and '" + pair + "'", text, name),
            "also a column '" + name + "'");
      }
    }
    return new Columns(text, pair, label, true);
  }

  private static @Nullable String known(Row first, List<String> names) {
    return names.stream().filter(first.cells::contains).findFirst().orElse(null);
  }

  private static int index(Row first, String column, boolean header) throws IOException {
    int named = header ? first.cells.indexOf(column) : -1;
    if (named >= 0) {
      return named;
    }
    if (column.matches("[1-9][0-9]{0,8}") && Integer.parseInt(column) <= first.cells.size()) {
      return Integer.parseInt(column) - 1;
    }
    throw first.error(
        header
            ? "a column '%s' or its number".formatted(column)
            : "a column number from 1 to %d, without a line of names".formatted(first.cells.size()),
        header ? first.shown() : "'" + column + "'");
  }

  record Row(Path file, int line, List<String> cells) {
    IOException error(String expected, String got) {
      return TextLines.error(file, "line " + line, expected, got);
    }

    String shown() {
      String text = cells.toString();
      return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }
  }

  private static List<Row> rows(Path file) throws IOException {
    if (file.toString().toLowerCase(Locale.ROOT).endsWith(".csv")) {
      return quotedRows(file, Utf8Text.read(file));
    }
    List<Row> rows = new ArrayList<>();
    for (TextLines.Line line : TextLines.read(file)) {
      if (!line.text().isBlank()) {
        rows.add(new Row(file, line.number(), List.of(line.text().split("\t", -1))));
      }
    }
    return rows;
  }

  /** A quote opens a quoted cell only at its start; inside one, two quotes stand for one quote. */
  private static List<Row> quotedRows(Path file, String text) throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    int line = 1;
    int rowLine = 1;
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : '\n';
      boolean last = i == text.length();
      if (quoted) {
        if (last) {
          throw TextLines.error(file, "line " + rowLine, "a closing quote", "the end of the file");
        }
        boolean escaped = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (c == '"' && !escaped) {
          quoted = false;
        } else {
          cell.append(c);
          i += escaped ? 1 : 0;
        }
      } else if (c == '"' && cell.isEmpty() && !wasQuoted) {
        quoted = true;
        wasQuoted = true;
      } else if (c == ',' || c == '\n') {
        cells.add(withoutReturn(cell, c == '\n'));
        cell.setLength(0);
        wasQuoted = false;
        if (c == '\n') {
          if (cells.size() > 1 || !cells.get(0).isBlank()) {
            rows.add(new Row(file, rowLine, List.copyOf(cells)));
          }
          cells.clear();
          rowLine = line + 1;
        }
      } else {
        cell.append(c);
      }
      line += c == '\n' ? 1 : 0;
    }
    return rows;
  }

  private static String withoutReturn(StringBuilder cell, boolean endOfRow) {
    int end = cell.length();
    return endOfRow && end > 0 && cell.charAt(end - 1) == '\r'
        ? cell.substring(0, end - 1)
        : cell.toString();
  }
}

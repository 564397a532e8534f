package ernie4j.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown, aligned as plain text too: the first column left, the others right. */
public final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  public MarkdownTable(List<String> header) {
    rows.add(List.copyOf(header));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it does not have as many cells as the header
   */
  public void add(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "table: expected %d cells %s, got %d %s"
              .formatted(rows.get(0).size(), rows.get(0), cells.size(), cells));
    }
    rows.add(List.copyOf(cells));
  }

  /** The table; every line ends with a line break. */
  @Override
  public String toString() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    appendRow(out, rows.get(0), widths);
    appendRule(out, widths);
    rows.subList(1, rows.size()).forEach(row -> appendRow(out, row, widths));
    return out.toString();
  }

  private static void appendRow(StringBuilder out, List<String> row, int[] widths) {
    for (int c = 0; c < widths.length; c++) {
      String gap = " ".repeat(widths[c] - row.get(c).length());
      out.append("| ").append(c == 0 ? row.get(c) + gap : gap + row.get(c)).append(' ');
    }
    out.append("|\n");
  }

  private static void appendRule(StringBuilder out, int[] widths) {
    for (int c = 0; c < widths.length; c++) {
      out.append('|').append("-".repeat(widths[c] + 1)).append(c == 0 ? '-' : ':');
    }
    out.append("|\n");
  }
}

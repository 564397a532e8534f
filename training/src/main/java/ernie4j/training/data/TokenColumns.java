package ernie4j.training.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines with a token, its tag, and perhaps columns between them. Only tabs separate columns or, in
 * a line without tabs, blanks (U+0020). Any other character may be a token, even U+3000.
 */
final class TokenColumns {
  private TokenColumns() {}

  /** The tokens of every text. */
  static List<List<TaggedToken>> read(List<TextLines.Line> lines) throws IOException {
    List<List<TaggedToken>> texts = new ArrayList<>();
    List<TaggedToken> text = new ArrayList<>();
    int columns = columns(lines);
    for (TextLines.Line line : lines) {
      if (line.text().isBlank()) {
        if (!text.isEmpty()) {
          texts.add(text);
          text = new ArrayList<>();
        }
      } else if (!line.text().startsWith("-DOCSTART-")) {
        List<String> cells = cells(line.text(), columns);
        if (cells.size() < 2) {
          throw line.error("a token and its tag", "'" + line.text() + "'");
        }
        if (cells.size() != columns) {
          throw line.error(
              "%d columns as in the lines before".formatted(columns), "'" + line.text() + "'");
        }
        text.add(new TaggedToken(line, cells.get(0), cells.get(columns - 1)));
      }
    }
    if (!text.isEmpty()) {
      texts.add(text);
    }
    return texts;
  }

  /** The number of columns of the first line that does not begin with a blank. */
  private static int columns(List<TextLines.Line> lines) {
    return lines.stream()
        .map(TextLines.Line::text)
        .filter(text -> !text.isBlank() && text.charAt(0) != ' ')
        .filter(text -> !text.startsWith("-DOCSTART-"))
        .map(text -> cells(text, 2).size())
        .filter(columns -> columns > 1)
        .findFirst()
        .orElse(2);
  }

  /** A blank at the beginning is the token if one column less follows it. */
  private static List<String> cells(String text, int columns) {
    if (text.indexOf('\t') >= 0) {
      String[] cells = text.replaceFirst("[\t ]+$", "").split("\t", -1);
      for (int i = 0; i < cells.length; i++) {
        cells[i] = i == 0 && cells[i].isBlank() ? cells[i] : cells[i].strip();
      }
      if (cells[0].isEmpty()) {
        cells[0] = " ";
      }
      return Arrays.asList(cells);
    }
    List<String> cells = new ArrayList<>(List.of(text.replaceAll("^ +| +$", "").split(" +", -1)));
    if (text.startsWith(" ") && cells.size() == columns - 1) {
      cells.add(0, " ");
    }
    return cells;
  }
}

package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a text file with their numbers, and the errors that name them. */
final class TextLines {
  private TextLines() {}

  /**
   * A line of a file.
   *
   * @param number counted from 1
   */
  record Line(Path file, int number, String text) {
    IOException error(String expected, String got) {
      return TextLines.error(file, "line " + number, expected, got);
    }
  }

  static IOException error(Path file, String place, String expected, String got) {
    return new IOException("%s: %s: expected %s, got %s".formatted(file, place, expected, got));
  }

  /** All lines. Only a line feed, with or without a carriage return before it, ends a line. */
  static List<Line> read(Path file) throws IOException {
    String text = Utf8Text.read(file);
    List<Line> lines = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      int last = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
      lines.add(new Line(file, lines.size() + 1, text.substring(from, last)));
      from = end + 1;
    }
    return lines;
  }

  static <T> List<T> requireExamples(Path file, List<T> examples) throws IOException {
    if (examples.isEmpty()) {
      throw new IOException(file + ": expected at least one example, got none");
    }
    return examples;
  }
}

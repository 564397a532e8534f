package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads plain texts in UTF-8, one per line, to learn from a teacher or to predict. A line with a
 * tab is a pair; blank lines do not count.
 */
public final class UnlabelledTexts {
  private UnlabelledTexts() {}

  /**
   * Reads a file.
   *
   * @param file plain texts in UTF-8
   * @return texts and pairs without labels
   * @throws IOException if the file cannot be read, a line has several tabs or nothing on one side
   *     of a tab, or there is no text
   */
  public static List<TextExample> read(Path file) throws IOException {
    List<TextExample> examples = new ArrayList<>();
    for (TextLines.Line line : TextLines.read(file)) {
      if (line.text().isBlank()) {
        continue;
      }
      String[] texts = line.text().split("\t", -1);
      if (texts.length > 2 || texts[0].isBlank() || texts[texts.length - 1].isBlank()) {
        throw line.error("a text, or two with one tab between them", "'" + line.text() + "'");
      }
      examples.add(new TextExample(texts[0], texts.length == 2 ? texts[1] : null, null));
    }
    return TextLines.requireExamples(file, examples);
  }
}

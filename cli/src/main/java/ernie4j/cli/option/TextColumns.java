package ernie4j.cli.option;

import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.MultiLabelFiles;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.ScoredFiles;
import ernie4j.training.data.TableFile.Columns;
import ernie4j.training.data.TextExample;
import ernie4j.training.data.TextFiles;
import ernie4j.training.data.UnlabelledTexts;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The columns of a table with texts and labels. */
public final class TextColumns {
  /** Options that have no meaning without the first one. */
  static final class Chosen {
    @Option(
        names = "--text-column",
        paramLabel = "COLUMN",
        required = true,
        description =
            "Column of the text in a .tsv or .csv file: its name in the header, or its number, counted from 1 (default: well-known names). If all columns are given by number, the file has no header.")
    String text;

    @Option(
        names = "--text-pair-column",
        paramLabel = "COLUMN",
        description = "Column of the second text of a pair.")
    @Nullable String pair;

    @Option(names = "--label-column", paramLabel = "COLUMN", description = "Column of the label.")
    @Nullable String label;

    @Option(
        names = "--header",
        description = "The first line is a header, although columns are given by number.")
    boolean header;

    Columns columns() {
      boolean named = Stream.of(text, pair, label).anyMatch(c -> c != null && !c.matches("[0-9]+"));
      return new Columns(text, pair, label, header || named);
    }
  }

  @ArgGroup(exclusive = false)
  private @Nullable Chosen chosen;

  private @Nullable Columns columns() {
    return chosen == null ? null : chosen.columns();
  }

  /** Reads texts and pairs with their class. */
  public List<TextExample> read(Path file) throws IOException {
    return TextFiles.read(file, columns());
  }

  /** Reads texts and pairs with any number of labels. */
  public List<MultiLabelExample> readMultiLabel(Path file) throws IOException {
    return MultiLabelFiles.read(file, columns());
  }

  /** Reads texts and pairs with their score. */
  public List<ScoredExample> readScored(Path file) throws IOException {
    return ScoredFiles.read(file, columns());
  }

  /** Reads texts and pairs without their labels, if they have any. */
  public List<TextExample> readOpen(Path file) throws IOException {
    return TextFiles.readUnlabelled(file, columns());
  }

  /** Reads texts and pairs without labels, from a plain text file or from a file with examples. */
  public List<TextExample> readUnlabelled(Path file) throws IOException {
    return isPlain(file) ? UnlabelledTexts.read(file) : readOpen(file);
  }

  /** Whether the name of a file is that of a plain text file. */
  public static boolean isPlain(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
  }

  /** The lines of a plain text file that are not blank. */
  public static List<String> plainTexts(Path file) throws IOException {
    return UnlabelledTexts.read(file).stream().map(TextExample::text).toList();
  }

  /** Whether a file is a table rather than plain text: its first line has a tab. */
  public static boolean hasTabs(Path file) throws IOException {
    Stream<String> lines = Utf8Text.read(file).lines();
    return lines.filter(line -> !line.isBlank()).findFirst().orElse("").contains("\t");
  }
}

package ernie4j.cli.option;

import ernie4j.training.data.TableFile.Columns;
import ernie4j.training.data.TextExample;
import ernie4j.training.data.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the texts and labels of a table stand. */
public final class TextColumns {
  @Option(
      names = "--text-column",
      paramLabel = "COLUMN",
      description =
          "Of a .tsv or .csv file: its name in the first line, or its number from 1 on; without it, well-known names are looked for. Numbers alone mean that there is no line of names.")
  @Nullable String text;

  @Option(
      names = "--text-pair-column",
      paramLabel = "COLUMN",
      description = "The second text of a pair.")
  @Nullable String pair;

  @Option(names = "--label-column", paramLabel = "COLUMN", description = "The class.")
  @Nullable String label;

  @Option(
      names = "--header",
      description = "The first line holds names, although columns are given by number.")
  boolean header;

  /** Reads a table by these columns, or another file of texts. */
  public List<TextExample> read(Path file) throws IOException {
    return TextFiles.read(file, columns());
  }

  private @Nullable Columns columns() {
    if (text == null) {
      if (pair != null || label != null) {
        throw new UsageException("--text-pair-column and --label-column need --text-column");
      }
      return null;
    }
    boolean named = Stream.of(text, pair, label).anyMatch(c -> c != null && !c.matches("[0-9]+"));
    return new Columns(text, pair, label, header || named);
  }
}

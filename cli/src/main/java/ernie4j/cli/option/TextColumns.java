package ernie4j.cli.option;

import ernie4j.training.data.TableFile.Columns;
import ernie4j.training.data.TextExample;
import ernie4j.training.data.TextFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the texts and labels of a table stand. */
public final class TextColumns {
  /** The others say nothing without the first. */
  static final class Chosen {
    @Option(
        names = "--text-column",
        paramLabel = "COLUMN",
        required = true,
        description =
            "Of a .tsv or .csv file: its name in the first line, or its number from 1 on; without it, well-known names are looked for. Numbers alone mean that there is no line of names.")
    String text;

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

    Columns columns() {
      boolean named = Stream.of(text, pair, label).anyMatch(c -> c != null && !c.matches("[0-9]+"));
      return new Columns(text, pair, label, header || named);
    }
  }

  @ArgGroup(exclusive = false)
  private @Nullable Chosen chosen;

  /** Reads a table by these columns, or another file of texts. */
  public List<TextExample> read(Path file) throws IOException {
    return TextFiles.read(file, chosen == null ? null : chosen.columns());
  }
}

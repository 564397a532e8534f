package ernie4j.cli.option;

import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.ChoiceFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The second file of CHID. */
public final class ChoiceAnswers {
  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "For CHID: the file with the answers, a map from gap to index.")
  private @Nullable Path answers;

  /** Reads questions with several answers. */
  public List<ChoiceExample> read(Path file) throws IOException {
    return ChoiceFiles.read(file, answers);
  }
}

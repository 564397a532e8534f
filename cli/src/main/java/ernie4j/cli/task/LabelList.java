package ernie4j.cli.task;

import ernie4j.training.data.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Labels in the order of a head's outputs. */
final class LabelList {
  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "File of labels, one a line, in the order of the outputs; for tags O, B-..., I-... (default: those of --data in order of appearance).")
  private @Nullable Path file;

  /**
   * The labels to use.
   *
   * @param kept the labels of a model that must be kept; null if there are none
   * @param ofExamples the labels if neither a model nor this option gives any
   */
  Labels chosen(@Nullable List<String> kept, Supplier<Labels> ofExamples) throws IOException {
    if (kept != null) {
      return new Labels(kept);
    }
    return file == null ? ofExamples.get() : Labels.read(file);
  }
}

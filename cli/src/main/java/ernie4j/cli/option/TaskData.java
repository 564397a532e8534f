package ernie4j.cli.option;

import ernie4j.training.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The sources of examples, for every task with a training and a development part. */
public final class TaskData {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Training examples.")
  private Path data;

  @Option(
      names = "--dev-data",
      paramLabel = "FILE",
      description = "Examples to evaluate on (default: a part of --data is held back).")
  private @Nullable Path devData;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      description =
          "Share of --data to hold back at random (default: 0.1; intents and slots: 0.2).")
  private @Nullable Double devShare;

  @Mixin private SplitSeed split;

  @Option(
      names = "--test-data",
      paramLabel = "FILE",
      description = "Test examples: results are measured on them, and nothing is chosen by them.")
  private @Nullable Path testData;

  /** Reads a file of examples. */
  public interface Reader<T> {
    List<T> read(Path file) throws IOException;
  }

  /** Splits examples at random. */
  public interface Splitter<T> {
    Split<T> split(List<T> examples, double devShare, long seed);
  }

  /** The name of the training file, as trained models record it. */
  public String name() {
    return String.valueOf(data.getFileName());
  }

  /**
   * Reads both parts.
   *
   * @param usualShare the share of the task; it is the same for all commands, so that one of them
   *     does not evaluate on what another one learned from
   */
  public <T> Split<T> read(Reader<T> reader, Splitter<T> splitter, double usualShare)
      throws IOException {
    List<T> train = reader.read(data);
    return devData == null
        ? splitter.split(train, devShare == null ? usualShare : devShare, split.seed())
        : new Split<>(train, reader.read(devData));
  }

  /**
   * The examples that results are measured on.
   *
   * @param examples the result of {@link #read}
   */
  public <T> List<T> measured(Split<T> examples, Reader<T> reader) throws IOException {
    return testData == null ? examples.dev() : reader.read(testData);
  }
}

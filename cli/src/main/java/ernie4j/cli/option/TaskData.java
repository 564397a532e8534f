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
      description = "Examples to learn from.")
  private Path data;

  @Option(
      names = "--dev-data",
      paramLabel = "FILE",
      description = "Examples to evaluate on; without it, a part of --data is split off.")
  private @Nullable Path devData;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      description = "Share that is split off at random (default: 0.1; intents and slots: 0.2).")
  private @Nullable Double devShare;

  @Mixin private SplitSeed split;

  @Option(
      names = "--test-data",
      paramLabel = "FILE",
      description =
          "Examples that nothing is chosen on: results are measured on them, not on those to evaluate on.")
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
   *     does not evaluate on what another one learnt from
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

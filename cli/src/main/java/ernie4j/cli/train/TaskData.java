package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.training.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where examples come from, for every task with a training and a development part. */
final class TaskData {
  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Examples to learn from.")
  Path data;

  @Option(
      names = "--dev-data",
      paramLabel = "FILE",
      description = "Examples to evaluate on; without it, a part of --data is split off.")
  @Nullable Path devData;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      defaultValue = "0.1",
      description = "Share that is split off at random (default: ${DEFAULT-VALUE}).")
  double devShare;

  @Mixin SplitSeed split;

  interface Reader<T> {
    List<T> read(Path file) throws IOException;
  }

  <T> Split<T> read(Reader<T> reader) throws IOException {
    List<T> train = reader.read(data);
    return devData == null
        ? Split.of(train, devShare, split.seed())
        : new Split<>(train, reader.read(devData));
  }
}

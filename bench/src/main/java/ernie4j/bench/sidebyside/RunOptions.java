package ernie4j.bench.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all comparisons have, and how a run follows from them. */
final class RunOptions {
  @Option(names = "--forks", defaultValue = "5", description = "processes (default 5)")
  private int forks;

  @Option(names = "--rounds", defaultValue = "30", description = "rounds a process (default 30)")
  private int rounds;

  @Option(
      names = "--round-seconds",
      defaultValue = "0.2",
      description = "length of a round of one side (default 0.2)")
  private double roundSeconds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "5",
      description = "how long each side warms up (default 5)")
  private double warmupSeconds;

  @Option(names = "--csv", description = "write every round to this file")
  private @Nullable Path csv;

  @Option(names = "--chart", description = "draw every round into this PNG file")
  private @Nullable Path chart;

  /** The names of a comparison. */
  record Names(String title, String ours, String peer) {}

  /** What a fork does: loads both sides, checks their outputs, measures. */
  interface Measurement extends Supplier<List<Round>> {}

  SideBySide sideBySide() {
    return new SideBySide(new SideBySide.Settings(warmupSeconds, rounds, roundSeconds));
  }

  /** Measures, if this process is a fork; otherwise runs the forks and reports. */
  void run(Names names, Class<?> main, String[] arguments, Measurement measurement)
      throws IOException, InterruptedException {
    Optional<Path> roundsFile = Forks.roundsFile();
    if (roundsFile.isPresent()) {
      Forks.writeRounds(roundsFile.get(), measurement.get());
      return;
    }
    Comparison comparison =
        new Comparison(names.title, names.ours, names.peer, Forks.run(forks, main, arguments));
    System.out.println(comparison.summary());
    if (csv != null) {
      comparison.writeCsv(csv);
    }
    if (chart != null) {
      ComparisonChart.writePng(comparison, chart);
    }
  }
}

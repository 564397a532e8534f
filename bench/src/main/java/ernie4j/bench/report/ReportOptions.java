package ernie4j.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the results go and what they should reach; the same options for every comparison. */
public final class ReportOptions {
  @Option(names = "--csv", description = "write every round to this file")
  private @Nullable Path csv;

  @Option(names = "--chart", description = "draw all ratios into this PNG file")
  private @Nullable Path chart;

  @Option(names = "--at-most", description = "target: ours / peer is at most this")
  private @Nullable Double atMost;

  @Option(names = "--at-least", description = "target: peer / ours is at least this")
  private @Nullable Double atLeast;

  /**
   * The target, if there is one.
   *
   * @throws IllegalArgumentException if there are two
   */
  @Nullable Target target() {
    if (atMost != null && atLeast != null) {
      throw new IllegalArgumentException(
          "expected one target, got --at-most %s and --at-least %s; leave one out"
              .formatted(atMost, atLeast));
    }
    if (atMost != null) {
      return new Target(atMost, false);
    }
    return atLeast == null ? null : new Target(atLeast, true);
  }

  /** Prints the table and writes the files that were asked for; nothing if there is no result. */
  public void report(List<Comparison> comparisons) throws IOException {
    if (comparisons.isEmpty()) {
      return;
    }
    Target target = target();
    System.out.println(SummaryTable.markdown(comparisons, target));
    if (csv != null) {
      Files.write(csv, SummaryTable.csv(comparisons));
    }
    if (chart != null) {
      RatioChart.writePng(comparisons, target, chart);
    }
  }
}

package ernie4j.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SummaryTableTest {
  @Test
  void theIntervalWidensWithForksThatDisagree() {
    Comparison agreeing = comparison("a", 1.0, 1.0, 1.0, 1.0, 1.0);
    Comparison disagreeing = comparison("b", 0.8, 0.9, 1.0, 1.1, 1.2);

    assertThat(disagreeing.ratio()).isCloseTo(1.0, Offset.offset(0.02));
    assertThat(width(disagreeing)).isGreaterThan(5 * width(agreeing));
  }

  private static Comparison comparison(String title, double... ratios) {
    List<List<Round>> forks = new ArrayList<>();
    for (double ratio : ratios) {
      List<Round> rounds = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rounds.add(new Round(2 * ratio * (1 + 0.0001 * i), 2));
      }
      forks.add(rounds);
    }
    return new Comparison(title, "ms", "OURS", "PEER", forks);
  }

  private static double width(Comparison comparison) {
    return comparison.interval().high() - comparison.interval().low();
  }

  @Test
  void oneRowForEachComparisonAndWhetherItsTargetIsMet() {
    List<Comparison> comparisons =
        List.of(comparison("nano, 1 x 16", 0.75), comparison("base, 1 x 512", 0.95));

    String[] lines = SummaryTable.markdown(comparisons, new Target(0.8, false)).split("\n", -1);
    assertThat(lines)
        .hasSize(5)
        .allMatch(line -> line.isEmpty() || line.startsWith("| ") || line.startsWith("|-"));
    assertThat(lines[1]).matches("[|:-]+").hasSameSizeAs(lines[0]);
    assertThat(lines[2])
        .hasSameSizeAs(lines[0])
        .startsWith("| nano, 1 x 16  |")
        .contains("| 1.501 ms |", "| 2.000 ms |", " 0.751 |", " 1.33 |", "| ratio ≤ 0.80 |")
        .endsWith("| yes |");
    assertThat(lines[3]).endsWith("|  no |");
    assertThat(SummaryTable.markdown(comparisons, null)).doesNotContain("target");
  }

  @Test
  void aSpeedTargetUsesTheInverseRatio() {
    Target target = new Target(1.5, true);
    assertThat(target.isMetBy(0.66)).isTrue();
    assertThat(target.isMetBy(0.67)).isFalse();
    assertThat(new Target(0.8, false).isMetBy(0.8)).isTrue();
  }

  @Test
  void refusesTwoTargets() {
    ReportOptions options = new ReportOptions();
    CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();
    spec.addMixin("report", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
    new CommandLine(spec).parseArgs("--at-most", "0.8", "--at-least", "1.5");

    assertThatThrownBy(options::target)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--at-most 0.8 and --at-least 1.5; leave one out");
  }

  @Test
  void refusesAComparisonWithoutRounds() {
    assertThatThrownBy(() -> new Comparison("empty", "ms", "a", "b", List.of(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one round, got [0]");
  }

  @Test
  void writesEveryRoundToCsvAndDrawsAllRatios(@TempDir Path folder) throws Exception {
    List<Comparison> comparisons = List.of(comparison("x, 1", 1.0, 2.0), comparison("y", 0.5));

    assertThat(SummaryTable.csv(comparisons))
        .hasSize(61)
        .startsWith(
            "case,unit,ours,peer,fork,round,ours value,peer value",
            "\"x, 1\",ms,OURS,PEER,1,1,2.0,2.0")
        .contains("\"x, 1\",ms,OURS,PEER,2,1,4.0,2.0", "\"y\",ms,OURS,PEER,1,1,1.0,2.0");
    RatioChart.writePng(comparisons, new Target(0.8, false), folder.resolve("ratios.png"));
    assertThat(Files.readAllBytes(folder.resolve("ratios.png"))).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void aRowMustFitItsTable() {
    MarkdownTable table = new MarkdownTable(List.of("a", "b"));
    assertThatThrownBy(() -> table.add(List.of("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 2 cells [a, b], got 1 [1]");
  }
}

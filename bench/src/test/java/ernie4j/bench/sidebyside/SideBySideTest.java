package ernie4j.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SideBySideTest {
  private static final SideBySide.Settings SHORT = new SideBySide.Settings(0, 6, 0);

  @Test
  void roundsAlternateWhoGoesFirst() {
    StringBuilder order = new StringBuilder();
    List<Round> rounds =
        new SideBySide(SHORT)
            .run(
                new Contender("a", () -> order.append('a')),
                new Contender("b", () -> order.append('b')));

    String perRound = order.toString().replaceAll("(.)\\1{4}", "$1");
    assertThat(perRound).isEqualTo("ab" + "ab" + "ba" + "ab" + "ba" + "ab" + "ba");
    assertThat(rounds).hasSize(6);
  }

  @Test
  void aContenderThatTakesTwiceAsLongHasRatioTwo() {
    List<Round> rounds =
        new SideBySide(SHORT)
            .run(
                new Contender("slow", () -> burn(4_000_000)),
                new Contender("fast", () -> burn(2_000_000)));

    Comparison comparison = new Comparison("burning", "slow", "fast", List.of(rounds));
    assertThat(comparison.oursMilliseconds()).isGreaterThanOrEqualTo(4);
    assertThat(comparison.ratio()).isBetween(1.7, 2.3);
    assertThat(comparison.interval().low()).isLessThanOrEqualTo(comparison.ratio());
    assertThat(comparison.interval().high()).isGreaterThanOrEqualTo(comparison.ratio());
  }

  private static void burn(long nanoseconds) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanoseconds) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theIntervalWidensWithForksThatDisagree() {
    Comparison agreeing = comparison(1.0, 1.0, 1.0, 1.0, 1.0);
    Comparison disagreeing = comparison(0.8, 0.9, 1.0, 1.1, 1.2);

    assertThat(disagreeing.ratio()).isCloseTo(1.0, Offset.offset(0.02));
    assertThat(width(disagreeing)).isGreaterThan(5 * width(agreeing));
    assertThat(disagreeing.summary()).contains("ratio 1.0").contains("5 forks x 20 rounds");
  }

  private static Comparison comparison(double... ratios) {
    List<List<Round>> forks = new ArrayList<>();
    for (double ratio : ratios) {
      List<Round> rounds = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        rounds.add(new Round(2 * ratio * (1 + 0.001 * i), 2));
      }
      forks.add(rounds);
    }
    return new Comparison("test", "ours", "peer", forks);
  }

  private static double width(Comparison comparison) {
    return comparison.interval().high() - comparison.interval().low();
  }

  @Test
  void refusesSidesThatComputeDifferentThings() {
    SideBySide.requireSameOutput(new float[] {1, 2, 9}, new float[] {1, 2.05f}, 2, 0.1f);
    assertThatThrownBy(
            () -> SideBySide.requireSameOutput(new float[] {1, 2}, new float[] {1, 2.5f}, 2, 0.1f))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("element 1 of 2 is 2.0 here and 2.5 there");
    assertThatThrownBy(
            () -> SideBySide.requireSameOutput(new float[1], new float[] {Float.NaN}, 1, 1f))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void writesEveryRoundToCsvAndDrawsThem(@TempDir Path folder) throws Exception {
    Comparison comparison = comparison(1.0, 2.0);
    comparison.writeCsv(folder.resolve("rounds.csv"));
    ComparisonChart.writePng(comparison, folder.resolve("rounds.png"));

    assertThat(Files.readAllLines(folder.resolve("rounds.csv")))
        .hasSize(41)
        .startsWith("fork,round,ours ms,peer ms", "1,1,2.0,2.0")
        .contains("2,1,4.0,2.0");
    assertThat(Files.readAllBytes(folder.resolve("rounds.png"))).startsWith(0x89, 'P', 'N', 'G');
  }
}

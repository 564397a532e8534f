package ernie4j.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.bench.report.Comparison;
import ernie4j.bench.report.Round;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    assertThat(order.toString()).isEqualTo("ab" + "ab" + "ba" + "ab" + "ba" + "ab" + "ba");
    assertThat(rounds).hasSize(6);
  }

  @Test
  void aContenderThatTakesTwiceAsLongHasRatioTwo() {
    List<Round> rounds =
        new SideBySide(new SideBySide.Settings(0, 9, 0.03))
            .run(
                new Contender("slow", () -> burn(4_000_000)),
                new Contender("fast", () -> burn(2_000_000)));

    Comparison comparison = new Comparison("burning", "ms", "slow", "fast", List.of(rounds));
    assertThat(comparison.oursMedian()).isGreaterThanOrEqualTo(4);
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
}

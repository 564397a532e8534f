package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Which starts and ends make spans. */
class SpanPairingTest {
  private static double[] at(int... tokens) {
    double[] probabilities = new double[8];
    for (int token : tokens) {
      probabilities[token] = 0.9;
    }
    return probabilities;
  }

  private static List<SpanPairing> pair(double[] starts, double[] ends) {
    return SpanPairing.of(starts, ends, 0.5);
  }

  @Test
  void everyEndTakesTheNearestStart() {
    assertThat(pair(at(1), at(3, 5))).containsExactly(new SpanPairing(1, 3));
    assertThat(pair(at(1, 2), at(5))).containsExactly(new SpanPairing(2, 5));
    assertThat(pair(at(1, 2), at(2, 3))).containsExactly(new SpanPairing(2, 2));
    assertThat(pair(at(4), at(1, 2))).isEmpty();
    assertThat(pair(at(0, 7), at(0, 7)))
        .containsExactly(new SpanPairing(0, 0), new SpanPairing(7, 7));
  }

  /** The definition of the rule, checked for all pairs. */
  @Property
  void aSpanIsAnEndWithItsNearestStartAndNoEndBetween(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 3) Integer> kinds) {
    double[] starts = kinds.stream().mapToDouble(kind -> (kind & 1) == 1 ? 1 : 0).toArray();
    double[] ends = kinds.stream().mapToDouble(kind -> (kind & 2) == 2 ? 1 : 0).toArray();
    List<SpanPairing> expected = new ArrayList<>();
    for (int e = 0; e < ends.length; e++) {
      for (int s = e; s >= 0 && ends[e] == 1; s--) {
        boolean endBetween = s < e && ends[s] == 1;
        if (starts[s] == 1 && !endBetween) {
          expected.add(new SpanPairing(s, e));
        }
        if (starts[s] == 1 || endBetween) {
          break;
        }
      }
    }
    assertThat(pair(starts, ends)).isEqualTo(expected);
  }

  @Test
  void thresholdIsComparedInDoublePrecision() {
    double[] third = {0.3f};
    assertThat(SpanPairing.of(third, third, 0.3)).hasSize(1);
    assertThat(SpanPairing.of(third, third, 0.3f)).isEmpty();
    assertThat(SpanPairing.count(new double[] {0.3, 0.3f, 0.4}, 0.3)).isEqualTo(2);
  }

  @Test
  void refusesDifferentNumbersOfStartsAndEnds() {
    assertThatThrownBy(() -> pair(new double[2], new double[3]))
        .hasMessageContaining("expected as many ends as starts, got 2 and 3");
  }
}

package ernie4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.training.data.GoldenLines;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ExtractionScoresTest {
  private static final int PLACES = 64;

  private static double[] places(JsonNode positions) {
    double[] places = new double[PLACES];
    positions.forEach(position -> places[position.intValue()] = 1);
    return places;
  }

  @Test
  void countsMatchTheGoldenOnes() throws IOException {
    ExtractionScores all = new ExtractionScores();
    int cases = 0;
    for (JsonNode line : GoldenLines.read("uie/metric.jsonl")) {
      if (line.get("id").isTextual()) {
        assertCounts(all, line);
        assertThat(all.precision())
            .isCloseTo(100 * line.get("precision").doubleValue(), within(1e-10));
        assertThat(all.recall()).isCloseTo(100 * line.get("recall").doubleValue(), within(1e-10));
        assertThat(all.f1()).isCloseTo(100 * line.get("f1").doubleValue(), within(1e-10));
        continue;
      }
      ExtractionScores own = new ExtractionScores();
      own.add(
          places(line.get("gold_starts")),
          places(line.get("gold_ends")),
          places(line.get("pred_starts")),
          places(line.get("pred_ends")));
      assertCounts(own, line);
      all.add(own);
      cases++;
    }
    assertThat(cases).isGreaterThan(20);
  }

  private static void assertCounts(ExtractionScores scores, JsonNode line) {
    assertThat(scores.right()).as(line.toString()).isEqualTo(line.get("correct").longValue());
    assertThat(scores.predicted()).isEqualTo(line.get("predicted").longValue());
    assertThat(scores.expected()).isEqualTo(line.get("gold").longValue());
  }

  @Test
  void nothingExpectedAndNothingFoundScoresZero() {
    ExtractionScores scores = new ExtractionScores();
    scores.add(new double[3], new double[3], new double[3], new double[3]);
    assertThat(scores.f1()).isZero();
    assertThat(scores.precision()).isZero();
    assertThat(scores.recall()).isZero();
  }
}

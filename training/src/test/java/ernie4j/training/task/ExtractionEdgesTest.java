package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.GoldenLines;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionEdgesTest {
  @TempDir Path folder;

  /** Tokens as a golden row has them: code points, [0, 0] for [CLS], [SEP] and pads. */
  private record Row(ExtractionExample example, JsonNode offsets, int separator)
      implements ExtractionEdges.Places {
    static Row of(ExtractionExample example, JsonNode offsets) {
      int separator = 1;
      while (offsets.get(separator).get(1).intValue() > 0) {
        separator++;
      }
      return new Row(example, offsets, separator);
    }

    @Override
    public int length() {
      return offsets.size();
    }

    @Override
    public boolean isIn(int token, boolean prompt) {
      return offsets.get(token).get(1).intValue() > 0 && token < separator == prompt;
    }

    @Override
    public int start(int token) {
      return place(token, 0);
    }

    @Override
    public int end(int token) {
      return place(token, 1);
    }

    private int place(int token, int edge) {
      String text = token < separator ? example.prompt() : example.content();
      return text.offsetByCodePoints(0, offsets.get(token).get(edge).intValue());
    }
  }

  @Test
  void labelsMatchTheGoldenOnes() throws IOException {
    int cases = 0;
    for (JsonNode line : GoldenLines.read("uie/labels.jsonl")) {
      ExtractionExample example = GoldenLines.example(line.get("example"), folder);
      ExtractionEdges edges = ExtractionEdges.of(example, Row.of(example, line.get("offsets")));
      assertThat(edges.starts()).containsExactly(ints(line.get("start_positions")));
      assertThat(edges.ends()).containsExactly(ints(line.get("end_positions")));
      boolean blank = line.get("has_edge_on_blank").booleanValue();
      assertThat(edges.missing() > 0).as(line.toString()).isEqualTo(blank);
      cases++;
    }
    assertThat(cases).isGreaterThan(10);
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).intValue();
    }
    return values;
  }
}

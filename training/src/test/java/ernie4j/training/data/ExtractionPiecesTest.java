package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.training.data.ExtractionExample.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionPiecesTest {
  @TempDir Path folder;

  @Test
  void piecesMatchTheGoldenOnes() throws IOException {
    Map<String, Integer> kinds = new HashMap<>();
    for (JsonNode line : GoldenLines.read("uie/train_split.jsonl")) {
      ExtractionExample example = GoldenLines.example(line.get("example"), folder);
      int length = line.get("max_seq_len").intValue();
      if (line.has("error")) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> ExtractionPieces.of(example, length))
            .withMessageContainingAll("'时间'", "5 tokens", "make the prompt shorter");
      } else {
        assertThat(ExtractionPieces.of(example, length))
            .as(line.get("kind") + " " + line.get("id"))
            .isEqualTo(GoldenLines.examples(line.get("expected"), folder));
      }
      kinds.merge(line.get("kind").textValue(), 1, Integer::sum);
    }
    assertThat(kinds)
        .containsEntry("plain", 30)
        .containsKeys("unsorted", "overlapping", "leading_blanks", "too_small");
  }

  @Test
  void onlyAnswersThatAreCutAreLost() {
    Random random = new Random(7);
    int cut = 0;
    for (int trial = 0; trial < 300; trial++) {
      StringBuilder text = new StringBuilder();
      for (int i = 20 + random.nextInt(60); i > 0; i--) {
        text.appendCodePoint(random.nextInt(9) == 0 ? 0x1F600 : 0x4E00 + random.nextInt(100));
      }
      List<Answer> answers = new ArrayList<>(List.of(Answer.ofPrompt(0, 1)));
      for (int at = 0; at < text.length() - 4; at += random.nextInt(9)) {
        int points = text.codePointCount(0, at);
        int start = text.offsetByCodePoints(0, points);
        int count = Math.min(4, text.codePointCount(start, text.length()));
        answers.add(
            Answer.ofText(start, text.offsetByCodePoints(start, 1 + random.nextInt(count))));
      }
      ExtractionExample example =
          new ExtractionExample(text.toString(), "人名", answers.stream().distinct().toList());
      List<ExtractionExample> pieces = ExtractionPieces.of(example, 20);
      int from = 0;
      List<Answer> found = new ArrayList<>(List.of(Answer.ofPrompt(0, 1)));
      for (ExtractionExample piece : pieces) {
        assertThat(piece.content().codePoints().count()).isLessThanOrEqualTo(15);
        assertThat(piece.content()).isNotEmpty();
        assertThat(text.substring(from)).startsWith(piece.content());
        for (Answer answer : piece.answers()) {
          if (!answer.inPrompt()) {
            found.add(Answer.ofText(answer.start() + from, answer.end() + from));
          }
        }
        from += piece.content().length();
      }
      assertThat(from).isEqualTo(text.length());
      assertThat(example.answers()).containsAll(found);
      if (example.overlaps() == 0) {
        assertThat(found).containsExactlyInAnyOrderElementsOf(example.answers());
      }
      cut += pieces.size() > 1 ? 1 : 0;
    }
    assertThat(cut).isGreaterThan(250);
  }
}

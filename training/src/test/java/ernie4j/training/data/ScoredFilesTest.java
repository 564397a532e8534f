package ernie4j.training.data;

import static ernie4j.training.data.ReadersTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.training.data.TableFile.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts with a number each, and errors about other files. */
class ScoredFilesTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private List<ScoredExample> read(String name, String content) throws IOException {
    return ScoredFiles.read(file(name, content), null);
  }

  @Test
  void jsonLines() throws IOException {
    String lines =
        """
        {"text": "一", "score": -2.5e-1}
        {"sentence1": "二", "sentence2": "三", "label": "4"}
        {"text": "四", "text_pair": "五", "label": 3, "score": "1.5 "}
        {"content": "六", "similarity": 0}
        """;
    assertThat(read("a.json", lines))
        .containsExactly(
            new ScoredExample("一", null, -0.25),
            new ScoredExample("二", "三", 4),
            new ScoredExample("四", "五", 1.5),
            new ScoredExample("六", null, 0));
  }

  @Test
  void tables() throws IOException {
    List<ScoredExample> expected =
        List.of(new ScoredExample("一", "二", 1.5), new ScoredExample("三", "四", -2));
    assertThat(read("a.tsv", "sentence1\tsentence2\tscore\n一\t二\t1.5\n三\t四\t-2\n"))
        .isEqualTo(expected);
    assertThat(read("b.csv", "text_a,text_b,similarity\n一,二, 1.5\n三,四,-2e0\n")).isEqualTo(expected);
    assertThat(read("c.tsv", "label\tscore\ttext\ttext_pair\nx\t1.5\t一\t二\ny\t-2\t三\t四\n"))
        .isEqualTo(expected);
    assertThat(
            ScoredFiles.read(
                file("d.txt", "一\t二\t1.5\n三\t四\t-2\n"), new Columns("1", "2", "3", false)))
        .isEqualTo(expected);
  }

  @Test
  void scoresMayBeMissingForPredictions() throws IOException {
    Path table = file("a.tsv", "text\tscore\n一\tunknown\n");
    assertThat(ScoredFiles.readUnlabelled(table, null))
        .containsExactly(new ScoredExample("一", null, Double.NaN));
    assertRefused(
        () -> read("b.tsv", "text\tmark\n一\t1\n"),
        "b.tsv: line 1",
        "[score, similarity, label]",
        "[text, mark]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NaN", "Infinity", "1e999", "0x1p3", "2f", "1,5", "三"})
  void scoresThatAreNotFiniteNumbersAreRefused(String score) {
    assertRefused(
        () -> read("a.tsv", "text\tscore\n一\t1\n二\t" + score + "\n"),
        "a.tsv: line 3",
        "a score that is a finite number in column 2",
        "'" + score + "'");
    assertRefused(
        () -> read("b.jsonl", "{\"text\": \"一\", \"label\": \"" + score + "\"}"),
        "b.jsonl: line 1",
        "a score that is a finite number");
  }

  @Test
  void otherJsonValuesAreRefused() {
    for (String value : List.of("1e999", "true", "[1]", "{}")) {
      assertRefused(
          () -> read("a.jsonl", "{\"text\": \"一\", \"score\": " + value + "}"),
          "a.jsonl: line 1",
          "a score that is a finite number");
    }
    assertRefused(
        () -> read("b.jsonl", "{\"text\": \"一\", \"score\": null}"),
        "a field 'score' or 'similarity' or 'label'",
        "fields [text, score]");
    assertThatThrownBy(() -> new ScoredExample("一", null, Double.NEGATIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

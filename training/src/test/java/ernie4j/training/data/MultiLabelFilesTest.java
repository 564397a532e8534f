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

/** Texts with any number of labels, and errors about other files. */
class MultiLabelFilesTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private List<MultiLabelExample> read(String name, String content) throws IOException {
    return MultiLabelFiles.read(file(name, content), null);
  }

  @Test
  void jsonLines() throws IOException {
    String lines =
        """
        {"text": "一", "labels": ["甲", "乙,丙"]}
        {"text": "二", "text_pair": "三", "labels": []}

        {"sentence1": "四", "sentence2": "五", "label": "甲"}
        {"content": "六", "labels": [1, true]}
        {"abst": "文", "keyword": ["k", "w"], "labels": "丁", "label": "x"}
        """;
    List<MultiLabelExample> examples = read("a.jsonl", lines);
    assertThat(examples)
        .containsExactly(
            new MultiLabelExample("一", null, List.of("甲", "乙,丙")),
            new MultiLabelExample("二", "三", List.of()),
            new MultiLabelExample("四", "五", List.of("甲")),
            new MultiLabelExample("六", null, List.of("1", "true")),
            new MultiLabelExample("k w", "文", List.of("丁")));
    assertThat(Labels.ofMultiLabelTexts(examples).names())
        .containsExactly("甲", "乙,丙", "1", "true", "丁");
    assertThatThrownBy(() -> Labels.ofMultiLabelTexts(examples.subList(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("labels to learn from, got 1 without any");
  }

  @Test
  void tables() throws IOException {
    List<MultiLabelExample> expected =
        List.of(
            new MultiLabelExample("一", null, List.of("甲", "乙")),
            new MultiLabelExample("二", null, List.of()),
            new MultiLabelExample("三", null, List.of("丙")));
    assertThat(read("a.tsv", "text\tlabels\n一\t甲, 乙\n二\t\n三\t丙 \n")).isEqualTo(expected);
    assertThat(read("b.csv", "label,text\n\"甲,乙\",一\n,二\n丙,三\n")).isEqualTo(expected);
    // PaddleNLP's format has no line of names.
    assertThat(
            MultiLabelFiles.read(
                file("c.txt", "一\t甲,乙\n二\t\n三\t丙\n"), new Columns("1", null, "2", false)))
        .isEqualTo(expected);
    assertThat(read("d.tsv", "label\ttext_a\ttext_b\tlabels\nx\t一\t二\t甲\n"))
        .containsExactly(new MultiLabelExample("一", "二", List.of("甲")));
  }

  @Test
  void labelsMayBeMissingForPredictions() throws IOException {
    List<MultiLabelExample> expected =
        List.of(
            new MultiLabelExample("一", null, List.of()),
            new MultiLabelExample("二", null, List.of()));
    String lines = "{\"text\": \"一\"}\n{\"text\": \"二\", \"labels\": [\"甲\", \"甲\"]}\n";
    assertThat(MultiLabelFiles.readUnlabelled(file("a.jsonl", lines), null)).isEqualTo(expected);
    Path table = file("b.tsv", "text\n一\n二\n");
    assertThat(MultiLabelFiles.readUnlabelled(table, null)).isEqualTo(expected);
    assertRefused(
        () -> MultiLabelFiles.read(table, null),
        "b.tsv: line 1",
        "[labels, label, class, intent]",
        "got [text]");
    assertRefused(
        () -> MultiLabelFiles.read(table, new Columns("1", null, null, true)),
        "b.tsv",
        "a column for the label");
  }

  @Test
  void badLabelsAreRefusedWithFileAndLine() {
    assertRefused(
        () ->
            read("a.jsonl", "{\"text\": \"一\", \"labels\": []}\n{\"text\": \"二\", \"tags\": [1]}"),
        "a.jsonl: line 2",
        "text_pair, labels, label",
        "'tags'");
    assertRefused(
        () -> read("b.jsonl", "{\"text\": \"一\", \"labels\": {\"甲\": 1}}"),
        "line 1",
        "a label or a list of labels",
        "{\"甲\":1}");
    assertRefused(
        () -> read("c.jsonl", "{\"text\": \"一\", \"labels\": [null]}"), "a label or a list");
    assertRefused(
        () -> read("d.jsonl", "{\"text\": \"一\", \"labels\": [\"甲\", \"甲\"]}"),
        "line 1",
        "none twice",
        "[甲, 甲]");
    assertRefused(
        () -> read("e.tsv", "text\tlabels\n一\t甲,,乙\n"),
        "e.tsv: line 2",
        "labels with commas between them",
        "in column 2",
        "甲,,乙");
    assertRefused(() -> read("f.tsv", "text\tlabels\n一\t甲,甲\n"), "line 2", "none twice");
    assertThatThrownBy(() -> new MultiLabelExample("一", null, List.of(" ")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package ernie4j.training.data;

import static ernie4j.training.data.ReadersTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.training.data.TableFile.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts that have no labels, or whose labels are not read. */
class UnlabelledTextsTest {
  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void plainTextsAndPairs() throws IOException {
    Path texts = file("a.txt", "\uFEFF一\r\n\n \t\n二\t三\n 四，\"五\" ");
    assertThat(UnlabelledTexts.read(texts))
        .containsExactly(
            new TextExample("一", null, null),
            new TextExample("二", "三", null),
            new TextExample(" 四，\"五\" ", null, null));
    assertRefused(
        () -> UnlabelledTexts.read(file("b.txt", "一\n\n二\t三\t四\n")), "b.txt", "line 3", "one tab");
    assertRefused(() -> UnlabelledTexts.read(file("c.txt", "一\t\n")), "line 1", "one tab");
    assertRefused(() -> UnlabelledTexts.read(file("d.txt", "\t一\n")), "line 1", "one tab");
    assertRefused(() -> UnlabelledTexts.read(file("e.txt", "\n")), "at least one example");
  }

  @Test
  void textsAreReadWithoutTheirLabels() throws IOException {
    String pairs =
        """
        {"sentence1": "一", "sentence2": "二", "label": "-"}
        {"sentence1": "三", "sentence2": "四"}
        """;
    assertThat(TextFiles.readUnlabelled(file("a.json", pairs), null))
        .containsExactly(new TextExample("一", "二", null), new TextExample("三", "四", null));
    Path table = file("b.tsv", "label\ttext\n\t好\n1\t坏\n");
    List<TextExample> expected =
        List.of(new TextExample("好", null, null), new TextExample("坏", null, null));
    assertThat(TextFiles.readUnlabelled(table, null)).isEqualTo(expected);
    assertThat(TextFiles.readUnlabelled(table, new Columns("text", null, "label", true)))
        .isEqualTo(expected);
    // A given label column may be missing.
    assertThat(
            TextFiles.readUnlabelled(file("c.txt", "好\n坏\n"), new Columns("1", null, "2", false)))
        .isEqualTo(expected);
  }
}

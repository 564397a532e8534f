package ernie4j.training.data;

import static ernie4j.training.data.ReadersTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of tokens and tags in every scheme, with blanks as tokens, and what cannot be read. */
class TagSchemesTest {
  @TempDir Path folder;

  private List<TaggedExample> read(String text) throws IOException {
    return TagFiles.read(Files.writeString(folder.resolve("a.txt"), text));
  }

  private static TaggedExample example(String text, LabelledSpan... spans) {
    return new TaggedExample(text, List.of(spans));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "O O B-LOC I-LOC I-LOC B-PER",
        "O O B-LOC M-LOC E-LOC S-PER",
        "O O B-LOC I-LOC L-LOC U-PER",
        "O O B_LOC I_LOC I_LOC W_PER",
        "O O I-LOC I-LOC I-LOC I-PER",
        "O O LOC-B LOC-I LOC-I PER-B",
        "O O LOC-B LOC-M LOC-E PER-S",
        "O O LOC LOC LOC PER",
      })
  void everySchemeGivesTheSameSpans(String tags) throws IOException {
    TaggedExample expected =
        example("在去张家口她", new LabelledSpan("LOC", 2, 5), new LabelledSpan("PER", 5, 6));
    String[] each = tags.split(" ", -1);
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < each.length; i++) {
      columns
          .append("在去张家口她".charAt(i))
          .append(i % 2 == 0 ? " " : "\t")
          .append(each[i])
          .append('\n');
    }
    assertThat(read(columns.toString())).containsExactly(expected);
    String paddle = "在 去 张 家 口 她\t" + tags;
    assertThat(read("text_a\tlabel\n" + paddle.replace(' ', '\u0002') + "\n"))
        .containsExactly(expected);
  }

  @Test
  void adjacentSpansOfOneTypeAreSeparatedByTheirBeginTags() throws IOException {
    assertThat(read("甲 S-A\n乙 B-A\n丙 E-A\n丁 E-A\n戊 M-A\n己 O\n"))
        .containsExactly(
            example(
                "甲乙丙丁戊己",
                new LabelledSpan("A", 0, 1),
                new LabelledSpan("A", 1, 3),
                new LabelledSpan("A", 3, 4),
                new LabelledSpan("A", 4, 5)));
  }

  /** Letters of Garay, a script of Unicode 16 that JDK 17 does not know. */
  @Test
  void wordBoundariesDoNotDependOnTheJvm() throws IOException {
    String letter = "\uD803\uDD70";
    assertThat(read(letter + letter + " B-A\n" + letter + letter + " I-A\n好 O\n"))
        .containsExactly(
            example(letter.repeat(2) + " " + letter.repeat(2) + "好", new LabelledSpan("A", 0, 9)));
    assertThat(read(letter + " B-A\n" + letter + " I-A\n好 O\n"))
        .as("one character a line")
        .containsExactly(example(letter.repeat(2) + "好", new LabelledSpan("A", 0, 4)));
  }

  @Test
  void wordsWithoutATypeAreSpans() throws IOException {
    assertThat(read("我 S\n去 S\n张 B\n家 M\n口 E\n"))
        .containsExactly(
            example(
                "我去张家口",
                new LabelledSpan("span", 0, 1),
                new LabelledSpan("span", 1, 2),
                new LabelledSpan("span", 2, 5)));
  }

  @Test
  void blanksAreTokens() throws IOException {
    TaggedExample expected = example("去 张　口", new LabelledSpan("LOC", 2, 5));
    assertThat(read("去\tO\n \tB-LOC\n张\tI-LOC\n　\tI-LOC\n口\tI-LOC\n")).containsExactly(expected);
    assertThat(read("去\tO\n\tO\n张\tB-LOC\n　\tI-LOC\n口\tI-LOC\n")).containsExactly(expected);
    assertThat(read("去 O\n  O\n张 B-LOC\n　 I-LOC\n口 I-LOC\n")).containsExactly(expected);
    assertThat(read("去 v O\n  w O\n张 n B-LOC\n　 n I-LOC\n口 n I-LOC\n")).containsExactly(expected);
    assertThat(read(" 去 O\n张 B-LOC\n"))
        .containsExactly(example("去张", new LabelledSpan("LOC", 1, 2)));
    assertThat(read("New York\tB-LOC\n去\tO\n"))
        .containsExactly(example("New York去", new LabelledSpan("LOC", 0, 8)));
  }

  @Test
  void unreadableLineIsRefusedWithItsNumber() {
    assertRefused(() -> read("去 O\n张 B-LOC\n家 LOC-I\n"), "line 3", "B-x", "'LOC-I'");
    assertRefused(() -> read("去 O\n张 LOC-B\n家 I-LOC\n"), "line 3", "x-B", "'I-LOC'");
    assertRefused(() -> read("去 O\n张 B-LOC\n家 LOC\n"), "line 3", "'LOC'");
    assertRefused(() -> read("去 0\n张 B-LOC\n"), "line 1", "'0'");
    assertRefused(() -> read("去 O\n张 b-LOC\n家 i-LOC\n"), "line 2", "'b-LOC'");
    assertRefused(() -> read("好吃\tgood\n难吃\tbad\n"), "line 1", "'good'");
    assertRefused(() -> read("去 O\n\nNew York B-LOC\n"), "line 3", "2 columns");
    assertRefused(() -> read("去 v O\n张 B-LOC\n"), "line 2", "3 columns");
  }
}

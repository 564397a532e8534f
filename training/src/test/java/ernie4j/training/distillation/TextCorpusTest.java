package ernie4j.training.distillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static List<String> texts(TextCorpus corpus) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      texts.add(corpus.text(i));
    }
    return texts;
  }

  @Test
  void linesOfSeveralFilesWithoutBlankOnes() throws IOException {
    Path first = write("first", "\n甲\r\n \t\n乙丙\n\n　\n");
    Path empty = write("empty", "");
    Path last = write("last", "no line end");
    try (TextCorpus corpus = TextCorpus.open(List.of(first, empty, last))) {
      assertThat(texts(corpus)).containsExactly("甲", "乙丙", "no line end");
      assertThatThrownBy(() -> corpus.text(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void byteOrderMarkIsNotPartOfTheFirstText() throws IOException {
    Path marked = write("marked", "\uFEFF甲\n乙\n");
    Path other = write("other", "甲\n丙\n");
    try (TextCorpus corpus = TextCorpus.open(List.of(marked));
        TextCorpus again = TextCorpus.open(List.of(marked));
        TextCorpus different = TextCorpus.open(List.of(other))) {
      assertThat(texts(corpus)).containsExactly("甲", "乙");
      assertThat(again.hash()).isEqualTo(corpus.hash()).isNotEqualTo(different.hash());
    }
  }

  @Test
  void linesAcrossChunkBoundariesAreReadCorrectly() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      lines.add("字a🙂".repeat(1 + random.nextInt(20)) + i);
    }
    lines.add("长".repeat(100_000));
    Path path = write("many", String.join("\n", lines));
    try (TextCorpus corpus = TextCorpus.open(List.of(path))) {
      assertThat(texts(corpus)).isEqualTo(lines);
    }
  }

  @Test
  void invalidUtf8IsRefusedWithItsLine() throws IOException {
    Path path = folder.resolve("gbk");
    Files.write(path, "好\n\n你好\n".getBytes(java.nio.charset.Charset.forName("GB18030")));
    assertThatThrownBy(() -> TextCorpus.open(List.of(path)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("gbk: line 1: expected UTF-8");
    byte[] half = "一\n二".getBytes(StandardCharsets.UTF_8);
    Files.write(path, java.util.Arrays.copyOf(half, half.length - 1));
    assertThatThrownBy(() -> TextCorpus.open(List.of(path))).hasMessageContaining("line 2");
  }

  @Test
  void filesWithoutTextsAndWithLongLinesAreRefused() throws IOException {
    Path blank = write("blank", "\n \n");
    assertThatThrownBy(() -> TextCorpus.open(List.of(blank)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("blank")
        .hasMessageContaining("no text");
    Path book = write("book", "一\n" + "x".repeat(TextFile.LONGEST_LINE + 1));
    assertThatThrownBy(() -> TextCorpus.open(List.of(book)))
        .hasMessageContaining("line 2 has more than 1,048,576 bytes");
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> TextCorpus.open(List.of(blank, absent)))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void fileThatBecomesShorterIsRefused() throws IOException {
    Path path = write("short", "一二三\n四五六");
    try (TextCorpus corpus = TextCorpus.open(List.of(path))) {
      write("short", "一");
      assertThatThrownBy(() -> corpus.text(1))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("shorter");
    }
  }
}

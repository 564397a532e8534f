package ernie4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
  @TempDir Path folder;

  @Test
  void onlyTheEndOfALineIsRemoved() throws IOException {
    Path file = folder.resolve("vocab.txt");
    Files.writeString(file, "a\r\n b \n\u3000\nlast");
    Vocabulary vocabulary = Vocabulary.read(file);
    assertThat(vocabulary.tokens()).containsExactly("a", " b ", "\u3000", "last");
    assertThat(vocabulary.idOf(" b ")).isEqualTo(1);
    assertThat(vocabulary.idOf("b")).isEqualTo(-1);
    assertThat(vocabulary.tokenOf(3)).isEqualTo("last");
  }

  @Test
  void byteOrderMarkAndIdsAfterTabsAreRemoved() throws IOException {
    Path file = folder.resolve("vocab.txt");
    Files.writeString(file, "\uFEFF[PAD]\na\n");
    assertThat(Vocabulary.read(file).tokens()).containsExactly("[PAD]", "a");
    Files.writeString(file, "\uFEFF[PAD]\t0\r\na\t1\r\n\t\t2\n");
    assertThat(Vocabulary.read(file).tokens()).containsExactly("[PAD]", "a", "\t");
    Files.writeString(file, "[PAD]\t0\na\t7\n");
    assertThat(Vocabulary.read(file).tokens())
        .as("not all numbers are ids")
        .containsExactly("[PAD]\t0", "a\t7");
  }

  @Test
  void refusalOfAFileThatIsNoVocabularyNamesTheFile() throws IOException {
    Path binary = folder.resolve("model.bin");
    Files.write(binary, new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 1});
    assertThatIOException()
        .isThrownBy(() -> Vocabulary.read(binary))
        .withMessageContaining("model.bin")
        .withMessageContaining("UTF-8");
    Path empty = Files.createFile(folder.resolve("empty.txt"));
    assertThatIOException()
        .isThrownBy(() -> Vocabulary.read(empty))
        .withMessageContaining("empty.txt");
  }
}

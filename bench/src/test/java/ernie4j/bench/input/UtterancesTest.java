package ernie4j.bench.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UtterancesTest {
  @Test
  void takesTheSecondColumnEvenlySpread(@TempDir Path folder) throws IOException {
    Path corpus = folder.resolve("corpus.txt");
    Files.writeString(corpus, "1\t一\tx\t一\n1\t二\tx\t二\n\n2\t三\tx\t三\n2\t四\tx\t四\n");

    assertThat(Utterances.of(corpus, 2)).containsExactly("一", "三");
    assertThatThrownBy(() -> Utterances.of(corpus, 5))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("corpus.txt: expected at least 5 utterances, got 4;");
  }

  @Test
  void takesOnlyUtterancesThatFit(@TempDir Path folder) throws IOException {
    Path corpus = folder.resolve("corpus.txt");
    Files.writeString(corpus, "1\t一\tx\t一\n1\t二二\tx\t二二\n2\t三三\tx\t三三\n");

    assertThat(Utterances.of(corpus, 2, text -> text.length() == 2)).containsExactly("二二", "三三");
    assertThat(Utterances.of(null, 8, text -> text.length() == 14)).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Utterances.of(corpus, 3, text -> text.length() == 2))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("(those of the length): expected at least 3 utterances, got 2;");
  }

  @Test
  void builtInUtterancesHaveMixedLengths() throws IOException {
    assertThat(Utterances.of(null, 32)).doesNotHaveDuplicates();
    assertThat(Utterances.builtIn().stream().mapToInt(String::length).distinct().count())
        .isGreaterThan(6);
  }
}

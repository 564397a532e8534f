package ernie4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnicodeDataTest {
  private static final Path FILE = Path.of("src/main/java/ernie4j/tokenizer/UnicodeTables.java");

  /** Marks that became spacing marks in Unicode 14 and 15; JDK 17 has Unicode 13. */
  private static final Set<Integer> CHANGED = Set.of(0x1734, 0x1171E);

  @Test
  void committedTablesAreWhatTheGeneratorWrites() throws IOException {
    assumeTrue(
        UnicodeTableGenerator.runsOnItsSource(),
        "skipped: the tables are those of Unicode "
            + UnicodeTableGenerator.VERSION
            + ", as JDK 25 has them");
    assertThat(Files.readString(FILE))
        .as("run UnicodeTableGenerator.main with the folder as its argument")
        .isEqualTo(UnicodeTableGenerator.source());
  }

  @Test
  void codePointsThatTheJvmKnowsHaveItsData() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean known = Character.isDefined(c) && UnicodeData.category(c) != UnicodeData.UNASSIGNED;
      if (!known || CHANGED.contains(c)) {
        continue;
      }
      String name = "U+%04X".formatted(c);
      assertThat(UnicodeData.category(c)).as(name).isEqualTo(UnicodeTableGenerator.category(c));
      assertThat(UnicodeData.lowerCase(c)).as(name).isEqualTo(Character.toLowerCase(c));
      assertThat(UnicodeData.baseOf(c)).as(name).isEqualTo(UnicodeTableGenerator.baseOf(c));
    }
  }

  @Test
  void codePointsOfTheJvmAreAssignedUnlessItIsNewer() {
    int unknown = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean here = UnicodeData.category(c) != UnicodeData.UNASSIGNED;
      unknown += here && !Character.isDefined(c) ? 1 : 0;
      assertThat(here || !Character.isDefined(c) || !UnicodeTableGenerator.runsOnItsSource())
          .as("U+%04X", c)
          .isTrue();
    }
    // Unicode has 11,139 more characters in 16.0 than in 13.0.
    assertThat(unknown).isLessThanOrEqualTo(11_139);
  }

  /** These came with Unicode 14 to 16; JDK 17 has the tables of 13. */
  @ParameterizedTest
  @CsvSource({
    "1FAE0, 5", // melting face
    "1F979, 5", // face holding back tears
    "31350, 0", // an ideograph of extension H
    "1E4EC, 6", // a mark of Nag Mundari
    "10D6E, 4", // the hyphen of Garay
    "1FAEA, 2", // a face of Unicode 17
    "E000, 1",
    "10FFFF, 2",
    "3000, 3",
    "10D50, 7", // a letter of Garay
    "10D40, 7", // a digit of Garay
    "41, 7",
    "4E00, 0",
  })
  void categoriesDoNotDependOnTheJvm(String codePoint, int category) {
    assertThat(UnicodeData.category(Integer.parseInt(codePoint, 16))).isEqualTo(category);
  }

  @Test
  void lowerCaseAndDecompositionsDoNotDependOnTheJvm() {
    assertThat(UnicodeData.lowerCase(0xA7CB)).isEqualTo(0x264); // Unicode 16
    assertThat(UnicodeData.lowerCase(0x10D50)).isEqualTo(0x10D70); // Unicode 16
    assertThat(UnicodeData.baseOf(0x105C9)).containsExactly(0x105D2); // Unicode 16
    assertThat(UnicodeData.baseOf(0xD55C)).containsExactly(0x1112, 0x1161, 0x11AB);
    assertThat(UnicodeData.baseOf(0x301)).isEmpty();
  }

  @Test
  void characterThatOlderJvmsDoNotKnowIsAnUnknownWord() {
    List<String> tokens = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "好", "a");
    for (TokenizerOptions options :
        List.of(TokenizerOptions.bert(true), TokenizerOptions.ernie())) {
      Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.of(tokens), options);
      assertThat(tokenizer.tokenize("好\uD83E\uDD79")).containsExactly("好", "[UNK]");
      assertThat(tokenizer.tokenize("\uD884\uDF50")).containsExactly("[UNK]");
    }
  }

  @Test
  void unassignedCodePointIsUnknownToBertAndDroppedByErnie() {
    Vocabulary words =
        Vocabulary.of(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "a", "##b"));
    String text = "a\u0378b \uFFFF";
    assertThat(new ErnieTokenizer(words, TokenizerOptions.bert(true)).tokenize(text))
        .containsExactly("[UNK]", "[UNK]");
    assertThat(new ErnieTokenizer(words, TokenizerOptions.ernie()).tokenize(text))
        .containsExactly("a", "##b");
  }
}

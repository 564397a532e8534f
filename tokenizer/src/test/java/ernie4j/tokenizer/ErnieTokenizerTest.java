package ernie4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules, each in a small case of its own, on a vocabulary made here. */
class ErnieTokenizerTest {
  private static final List<String> TOKENS =
      List.of(
          "[PAD]", "[CLS]", "[SEP]", "[MASK]", "你", "好", "中", "国", "play", "##ing", "##er", "p",
          "##s", "abc", "##1", "##2", "1", "2", "$", "￥", "。", ".", "-", "cafe", "i", "σ", "ᄒ",
          "##ᅡ", "##ᆫ", "a", "##b", "あ", "##い", "[UNK]");

  private static final ErnieTokenizer ERNIE = tokenizer(TokenizerOptions.ernie());

  private static ErnieTokenizer tokenizer(TokenizerOptions options) {
    return new ErnieTokenizer(Vocabulary.of(TOKENS), options);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "你好中国 | 你 好 中 国",
        "Playing PLAYER plays | play ##ing play ##er play ##s",
        "playx | [UNK]",
        "abc12 | abc ##1 ##2",
        "1-2. | 1 - 2 .",
        "￥1$2 | ￥ 1 $ 2",
        "café CAFÉ | cafe cafe",
        "İ Σ | i σ",
        "한 | ᄒ ##ᅡ ##ᆫ",
        "あい | あ ##い",
        "你[SEP]好[mask] | 你 [SEP] 好 [UNK] [UNK] [UNK]",
        "中[MASK]国 | 中 [MASK] 国",
        "p\u200Blay\u00A0你\u3000好 | play 你 好",
        "a\uD800b | a ##b",
        "龘 | [UNK]",
        "😀 | [UNK]",
      })
  void textBecomesTokens(String text, String tokens) {
    assertThat(String.join(" ", ERNIE.tokenize(text))).isEqualTo(tokens);
  }

  @Test
  void pairOfEncodingsEqualsTheEncodedPair() {
    for (String first : List.of("", "我们", "我 X")) {
      for (String second : List.of("", "我", "们 我")) {
        Encoding pair = ERNIE.encode(first, second);
        Encoding made = ERNIE.encode(first).pairedWith(ERNIE.encode(second));
        assertThat(made.ids()).isEqualTo(pair.ids());
        assertThat(made.typeIds()).isEqualTo(pair.typeIds());
        for (int t = 0; t < pair.length(); t++) {
          assertThat(made.start(t)).isEqualTo(pair.start(t));
          assertThat(made.end(t)).isEqualTo(pair.end(t));
          assertThat(made.isSpecial(t)).isEqualTo(pair.isSpecial(t));
          assertThat(made.sequence(t)).isEqualTo(pair.sequence(t));
        }
        assertThatIllegalArgumentException()
            .isThrownBy(() -> ERNIE.encode(first).pairedWith(pair))
            .withMessageContaining("expected two single texts");
        assertThatIllegalArgumentException()
            .isThrownBy(() -> pair.pairedWith(ERNIE.encode(second)));
      }
    }
  }

  @Test
  void bertKeepsSymbolsInTheirWordAndCapitalsWhenAsked() {
    ErnieTokenizer cased = tokenizer(TokenizerOptions.bert(false));
    assertThat(cased.tokenize("Playing playing")).containsExactly("[UNK]", "play", "##ing");
    assertThat(cased.tokenize("￥1")).containsExactly("￥", "##1");
    assertThat(cased.tokenize("café")).containsExactly("[UNK]");
  }

  @Test
  void offsetsAreUtf16IndicesIntoTheOriginalText() {
    String text = "😀 Cafe\u0301ing 你";
    Encoding encoding = ERNIE.encode(text);
    assertThat(encoding.tokens()).containsExactly("[CLS]", "[UNK]", "cafe", "##ing", "你", "[SEP]");
    assertThat(text.substring(encoding.start(1), encoding.end(1))).isEqualTo("😀");
    assertThat(text.substring(encoding.start(2), encoding.end(3))).isEqualTo("Cafe\u0301ing");
    assertThat(text.substring(encoding.start(4), encoding.end(4))).isEqualTo("你");
    assertThat(encoding.isSpecial(0)).isTrue();
    assertThat(encoding.isSpecial(1)).isFalse();
  }

  @Test
  void markDroppedAtTheEndOfATokenIsOutsideIt() {
    Encoding encoding = ERNIE.encode("cafe\u0301");
    assertThat(List.of(encoding.start(1), encoding.end(1))).isEqualTo(List.of(0, 4));
  }

  @Test
  void duplicateTokenHasTheIdOfItsLastLineAndNoIdIsRenumbered() {
    List<String> tokens = new ArrayList<>(TOKENS);
    tokens.add("$");
    Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.of(tokens), TokenizerOptions.ernie());
    assertThat(tokenizer.encode("$").id(1)).isEqualTo(TOKENS.size());
    assertThat(tokenizer.unkId()).isEqualTo(TOKENS.size() - 1);
    assertThat(tokenizer.size()).isEqualTo(TOKENS.size() + 1);
  }

  @Test
  void addedTokensAreFoundAnywhereTheLongestFirst() {
    Tokenizer tokenizer =
        tokenizer(
            TokenizerOptions.ernie()
                .withAddedTokens(List.of("Song", "songs", "song", "abc", "[SEP]", "")));
    assertThat(tokenizer.tokenize("你SONGSsong好abc1"))
        .containsExactly("你", "songs", "song", "好", "abc", "1");
    assertThat(tokenizer.encode("song").id(1)).isEqualTo(TOKENS.size());
    assertThat(tokenizer.encode("songs").id(1)).isEqualTo(TOKENS.size() + 1);
    assertThat(tokenizer.size()).isEqualTo(TOKENS.size() + 2);
    Encoding encoding = tokenizer.encode("你 songs");
    assertThat(List.of(encoding.start(2), encoding.end(2))).isEqualTo(List.of(2, 7));
  }

  @Test
  void addedTokensOfTheVocabularyKeepTheirIdsAndExactOnesTheirCase() {
    List<String> tokens = new ArrayList<>(TOKENS);
    tokens.addAll(List.of("<E1>", "Abc", "[unused1]"));
    Tokenizer tokenizer =
        new ErnieTokenizer(
            Vocabulary.of(tokens),
            new TokenizerOptions(
                true,
                true,
                true,
                true,
                List.of("<E1>", "Abc", "<x>", "[unused1]"),
                List.of("<E1>")));
    assertThat(tokenizer.tokenize("你<E1>好aBC<X>[Unused1]"))
        .containsExactly("你", "<E1>", "好", "Abc", "<x>", "[unused1]");
    assertThat(tokenizer.encode("<X>").id(1)).isEqualTo(tokens.size());
    assertThat(tokenizer.tokenize("<e1>")).as("exact token in lower case").doesNotContain("<E1>");
  }

  @Test
  void specialTokensInTextsAreReadOnlyWhenAsked() {
    Tokenizer none = ERNIE.readingSpecialTokens(Set.of());
    assertThat(none.encode("你[SEP]好").tokens())
        .containsExactly("[CLS]", "你", "[UNK]", "[UNK]", "[UNK]", "好", "[SEP]");
    assertThat(none.tokenize("你[SEP][MASK]好")).doesNotContain("[SEP]", "[MASK]");
    Tokenizer mask = ERNIE.readingSpecialTokens(Set.of("[MASK]"));
    assertThat(mask.tokenize("你[SEP][MASK]好")).doesNotContain("[SEP]").contains("[MASK]");
    assertThat(mask.encode("你").ids()).isEqualTo(ERNIE.encode("你").ids());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ERNIE.readingSpecialTokens(Set.of("[X]")))
        .withMessageContaining("[X]");
  }

  /** Each special token used to copy the rest of the text, which took 4.6 s. */
  @Test
  void manySpecialOrAddedTokensTakeLinearTime() {
    ERNIE.encode("[SEP]".repeat(1000));
    assertTimeout(
        Duration.ofSeconds(1),
        () -> assertThat(ERNIE.encode("[SEP]".repeat(200_000)).length()).isEqualTo(200_002));
    List<String> many = IntStream.range(0, 3000).mapToObj(i -> "<t" + i + ">").toList();
    Tokenizer added = tokenizer(TokenizerOptions.ernie().withAddedTokens(many));
    assertTimeout(
        Duration.ofSeconds(1), () -> assertThat(added.tokenize("你a".repeat(100_000))).isNotEmpty());
  }

  @Test
  void textIsCountedAndSplitBetweenWords() {
    assertThat(ERNIE.count("你好 playing")).isEqualTo(4);
    String text = "你好 playing 中";
    List<Tokenizer.Piece> pieces = ERNIE.split(text, 3);
    assertThat(pieces).containsExactly(new Tokenizer.Piece(0, 2, 2), new Tokenizer.Piece(3, 12, 3));
    assertThat(ERNIE.split("plays", 1))
        .as("a word of more tokens than a piece")
        .containsExactly(new Tokenizer.Piece(0, 4, 1), new Tokenizer.Piece(4, 5, 1));
    assertThat(ERNIE.split(" ", 3)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> ERNIE.split("你", 0));
  }

  @Property(tries = 500)
  void piecesAreInOrderAndHoldAllTokens(
      @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 5) int most) {
    int end = 0;
    int tokens = 0;
    for (Tokenizer.Piece piece : ERNIE.split(text, most)) {
      assertThat(piece.tokens()).isBetween(1, most);
      assertThat(piece.end()).isGreaterThanOrEqualTo(end);
      end = piece.end();
      tokens += piece.tokens();
    }
    assertThat(tokens).isEqualTo(ERNIE.count(text));
  }

  @Test
  void pairsHaveTwoSeparatorsAndTypes() {
    Encoding encoding = ERNIE.encode("你好", "中");
    assertThat(encoding.tokens()).containsExactly("[CLS]", "你", "好", "[SEP]", "中", "[SEP]");
    assertThat(encoding.typeIds()).containsExactly(0, 0, 0, 0, 1, 1);
    assertThat(IntStream.range(0, 6).filter(encoding::isSpecial)).containsExactly(0, 3, 5);
    assertThat(encoding.sequence(4)).isEqualTo(1);
  }

  @Test
  void truncationCutsTheChosenText() {
    assertThat(ERNIE.encode("你好中国", Truncation.LONGEST_FIRST, 4).tokens())
        .containsExactly("[CLS]", "你", "好", "[SEP]");
    assertThat(ERNIE.encode("你好", "中国", Truncation.LONGEST_FIRST, 6).tokens())
        .as("of two equally long texts the second is cut")
        .containsExactly("[CLS]", "你", "好", "[SEP]", "中", "[SEP]");
    assertThat(ERNIE.encode("你好", "中国", Truncation.ONLY_FIRST, 6).tokens())
        .containsExactly("[CLS]", "你", "[SEP]", "中", "国", "[SEP]");
    assertThat(ERNIE.encode("你好", "中国", Truncation.ONLY_SECOND, 6).tokens())
        .containsExactly("[CLS]", "你", "好", "[SEP]", "中", "[SEP]");
    assertThat(ERNIE.encode("你好", "中国", Truncation.DO_NOT_TRUNCATE, 3).length()).isEqualTo(7);
  }

  @Test
  void refusalOfAnImpossibleTruncationNamesAnAlternative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ERNIE.encode("你", "中国", Truncation.ONLY_FIRST, 4))
        .withMessageContaining("LONGEST_FIRST");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ERNIE.encode("你好", Truncation.ONLY_SECOND, 3))
        .withMessageContaining("ONLY_FIRST");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ERNIE.encode("你", Truncation.LONGEST_FIRST, 1))
        .withMessageContaining("at least 2");
  }

  @Test
  void vocabularyWithoutUnkIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ErnieTokenizer(
                    Vocabulary.of(TOKENS.subList(0, TOKENS.size() - 1)), TokenizerOptions.ernie()))
        .withMessageContaining("[UNK]");
  }

  @Test
  void emptyAndHugeTexts() {
    assertThat(ERNIE.encode("").tokens()).containsExactly("[CLS]", "[SEP]");
    assertThat(ERNIE.encode(" \u0000\uD800\uFFFD\n").length()).isEqualTo(2);
    assertThat(ERNIE.encode("你".repeat(100_000)).length()).isEqualTo(100_002);
    assertThat(ERNIE.tokenize("x".repeat(100_000))).containsExactly("[UNK]");
    assertThat(ERNIE.tokenize("p" + "s".repeat(99))).hasSize(100);
    assertThat(ERNIE.tokenize("p" + "s".repeat(100))).containsExactly("[UNK]");
  }

  @Test
  void optionsReadBackEqualFromStrings() {
    for (TokenizerOptions options :
        List.of(
            TokenizerOptions.ernie(),
            TokenizerOptions.bert(true),
            TokenizerOptions.bert(false).withAddedTokens(List.of("a b", "x")),
            new TokenizerOptions(true, true, true, false, List.of("x", "y"), List.of("y")))) {
      assertThat(TokenizerOptions.fromMap(options.toMap())).isEqualTo(options);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TokenizerOptions.fromMap(Map.of("lower_case", "yes")))
        .withMessageContaining("lower_case");
  }

  @Test
  void joinPutsPiecesTogether() {
    assertThat(ERNIE.join(List.of("play", "##ing", "你"))).isEqualTo("playing 你");
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(40);
    Arbitrary<String> likely =
        Arbitraries.of(
                "你", "play", "ing", " ", "[SEP]", "é", "한", "😀", "\uD83D", "##", "1", "$",
                "\u0301", "İ", "\u200B", "あ")
            .list()
            .ofMaxSize(20)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(any, likely);
  }

  @Property(tries = 2000)
  void anyTextGivesOrderedOffsetsWithinItAndTokensThatMatchTheirIds(@ForAll("texts") String text) {
    Encoding encoding = ERNIE.encode(text);
    int end = 0;
    for (int t = 1; t < encoding.length() - 1; t++) {
      assertThat(encoding.start(t)).isLessThan(encoding.end(t));
      assertThat(encoding.end(t)).isLessThanOrEqualTo(text.length());
      // The pieces of a decomposed character share its offsets.
      assertThat(encoding.start(t) >= end || encoding.start(t) == encoding.start(t - 1)).isTrue();
      end = encoding.end(t);
      assertThat(TOKENS.get(encoding.id(t))).isEqualTo(encoding.tokens().get(t));
    }
    assertThat(ERNIE.encode(text).ids()).isEqualTo(encoding.ids());
    assertThat(ERNIE.tokenize(text)).isEqualTo(encoding.tokens().subList(1, encoding.length() - 1));
  }

  @Property(tries = 500)
  void wordsAreTokenizedIndependently(@ForAll("texts") String a, @ForAll("texts") String b) {
    String left = a.replace("[", "").replaceAll("[\uD800-\uDFFF]", "");
    String right = b.replace("]", "").replaceAll("[\uD800-\uDFFF]", "");
    List<String> together = new ArrayList<>(ERNIE.tokenize(left));
    together.addAll(ERNIE.tokenize(right));
    assertThat(ERNIE.tokenize(left + " " + right)).isEqualTo(together);
  }

  @Property(tries = 500)
  void truncatedTextIsAPrefixOfTheWhole(@ForAll("texts") String text) {
    int[] whole = ERNIE.encode(text).ids();
    for (int max = 2; max < whole.length; max++) {
      int[] cut = ERNIE.encode(text, Truncation.LONGEST_FIRST, max).ids();
      assertThat(cut).hasSize(max);
      assertThat(Arrays.copyOf(cut, max - 1)).isEqualTo(Arrays.copyOf(whole, max - 1));
    }
  }

  @Test
  void allTokensOfTheVocabularyAreFoundAgain() {
    String words =
        TOKENS.stream().filter(t -> !t.startsWith("##")).collect(Collectors.joining(" "));
    assertThat(String.join(" ", ERNIE.tokenize(words))).isEqualTo(words);
  }
}

package ernie4j.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VocabularyPrunerTest {
  @Test
  void selectsTheTokensOfTheReferenceFromTheRealCorpus() throws IOException {
    Path vocabulary = Golden.path("../vocab/ernie-3.0-zh-vocab.txt");
    Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.read(vocabulary), TokenizerOptions.ernie());
    // Like the reference: every line with a text counts, corrections too.
    List<String> texts =
        Files.readAllLines(Golden.data("nlpcc2018-task4/corpus.train.txt")).stream()
            .map(line -> line.strip().split("\t"))
            .filter(columns -> columns.length >= 2)
            .map(columns -> columns[1])
            .toList();
    int[] keep = VocabularyPruner.select(tokenizer, texts, 39_980, 5_965);
    int[] expected =
        Files.readAllLines(Golden.path("tokenizer/pruned-6000-old-ids.txt")).stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> Integer.parseInt(line.strip()))
            .toArray();
    assertThat(keep).isEqualTo(expected);
  }

  private static Model encoder(EncoderConfig config, List<String> tokens) {
    return new Model(
        config,
        "encoder",
        RandomParameters.encoder(config, 1),
        tokens,
        Map.of(),
        TokenizerOptions.ernie().toMap(),
        Map.of());
  }

  @Test
  void prunedModelKeepsTheRowsOfItsTokens() {
    List<String> tokens = List.of("a", "[UNK]", "[PAD]", "b", "[CLS]", "c", "[SEP]", "[MASK]");
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 6, 1, 2, 8, 10);
    Model model = encoder(config, tokens);
    Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.of(tokens), TokenizerOptions.ernie());
    int[] keep = VocabularyPruner.select(tokenizer, List.of("c b c"), tokens.size(), 7);
    assertThat(keep).containsExactly(2, 4, 6, 7, 1, 5, 3);
    Model pruned = VocabularyPruner.prune(model, keep, 4);
    assertThat(pruned.vocabulary())
        .containsExactly("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "c", "b");
    assertThat(pruned.config().maxPositions()).isEqualTo(4);
    float[] before = model.parameters().get(ParameterNames.WORD_EMBEDDINGS).toArray();
    float[] after = pruned.parameters().get(ParameterNames.WORD_EMBEDDINGS).toArray();
    for (int j = 0; j < 6; j++) {
      assertThat(after[5 * 6 + j]).isEqualTo(before[5 * 6 + j]);
      assertThat(after[6 * 6 + j]).isEqualTo(before[3 * 6 + j]);
    }
    assertThat(pruned.parameters().get(ParameterNames.POSITION_EMBEDDINGS).shape())
        .containsExactly(4, 6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VocabularyPruner.prune(model, keep, 11))
        .withMessageContaining("3 to 10 positions");
  }

  @Test
  void addedTokensAndTheDecoderKeepTheirRows() {
    List<String> tokens = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "a", "b", "c");
    TokenizerOptions options =
        new TokenizerOptions(true, false, true, true, List.of("toplist", "scene"));
    // One spare row; ERNIE has some, too.
    EncoderConfig config = EncoderConfig.ernie(tokens.size() + 3, 4, 1, 2, 8, 10);
    ParameterStore store = RandomParameters.encoder(config, 1);
    Tensor bias = Tensor.zeros(config.vocabularySize());
    for (int i = 0; i < bias.size(); i++) {
      bias.data()[i] = i;
    }
    store.put(HeadNames.MLM_DECODER_BIAS, bias);
    Model model =
        new Model(config, "masked-lm", store, tokens, Map.of(), options.toMap(), Map.of());
    Tokenizer tokenizer = new ErnieTokenizer(Vocabulary.of(tokens), options);
    assertThat(tokenizer.encode("a scene").ids()).containsExactly(1, 5, 9, 2);

    Model pruned = VocabularyPruner.fit(model, tokenizer, List.of("c a c scene"), 7, 10);
    assertThat(pruned.vocabulary()).endsWith("[UNK]", "c", "a").hasSize(7);
    assertThat(pruned.config().vocabularySize()).isEqualTo(9);
    assertThat(pruned.parameters().get(HeadNames.MLM_DECODER_BIAS).toArray())
        .containsExactly(0, 1, 2, 3, 4, 7, 5, 8, 9);
    Tokenizer smaller = new ErnieTokenizer(Vocabulary.of(pruned.vocabulary()), options);
    int[] ids = smaller.encode("a scene").ids();
    assertThat(ids).containsExactly(1, 6, 8, 2);
    float[] before = store.get(ParameterNames.WORD_EMBEDDINGS).toArray();
    float[] after = pruned.parameters().get(ParameterNames.WORD_EMBEDDINGS).toArray();
    assertThat(Arrays.copyOfRange(after, 8 * 4, 9 * 4))
        .isEqualTo(Arrays.copyOfRange(before, 9 * 4, 10 * 4));
  }

  @Test
  void teacherGetsTheWordsOfItsStudentInTheirOrder() {
    List<String> tokens = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "a", "b", "c", "b");
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 4, 1, 2, 8, 10);
    Model teacher = encoder(config, tokens);
    List<String> student = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "c", "b");
    Model aligned = VocabularyPruner.align(teacher, student);
    assertThat(aligned.vocabulary()).isEqualTo(student);
    float[] before = teacher.parameters().get(ParameterNames.WORD_EMBEDDINGS).toArray();
    float[] after = aligned.parameters().get(ParameterNames.WORD_EMBEDDINGS).toArray();
    assertThat(Arrays.copyOfRange(after, 5 * 4, 6 * 4))
        .isEqualTo(Arrays.copyOfRange(before, 7 * 4, 8 * 4));
    assertThat(Arrays.copyOfRange(after, 6 * 4, 7 * 4))
        .as("the last one of equal words has their id")
        .isEqualTo(Arrays.copyOfRange(before, 8 * 4, 9 * 4));
    assertThat(VocabularyPruner.align(teacher, tokens)).isSameAs(teacher);
    assertThat(VocabularyPruner.align(aligned, tokens)).as("it lacks words").isSameAs(aligned);
  }
}

package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.TextSide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizerTest {
  private static final String JSON =
      """
      {"added_tokens": [
         {"id": 7, "content": "<E1>", "special": true, "normalized": false},
         {"id": 8, "content": "花呗", "special": false, "normalized": true}],
       "normalizer": {"type": "BertNormalizer", "lowercase": %s, "strip_accents": null,
         "handle_chinese_chars": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": 5, "A": 6}}}
      """;

  @TempDir Path folder;

  private Tokenizer read() throws IOException {
    HuggingFaceTokenizer read = HuggingFaceTokenizer.read(folder);
    return new ErnieTokenizer(Vocabulary.of(read.vocabulary()), read.options());
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  @Test
  void addedTokensOfTheJsonKeepTheirIds() throws IOException {
    write("tokenizer.json", JSON.formatted("true"));
    assertThat(read().encode("a<E1>花呗A").ids()).containsExactly(2, 5, 7, 8, 5, 3);
    assertThat(read().tokenize("<e1>")).doesNotContain("<E1>");
  }

  @Test
  void tokenizerConfigOverridesTokenizerJson() throws IOException {
    write("tokenizer.json", JSON.formatted("false"));
    assertThat(read().tokenize("aAá")).containsExactly("[UNK]");
    write("tokenizer_config.json", "{\"do_lower_case\": true}");
    assertThat(read().tokenize("A á")).containsExactly("a", "a");
    write("tokenizer_config.json", "{\"do_lower_case\": true, \"strip_accents\": false}");
    assertThat(read().tokenize("A á")).containsExactly("a", "[UNK]");
    write("tokenizer.json", JSON.formatted("true"));
    write("tokenizer_config.json", "{\"do_lower_case\": false}");
    assertThat(read().tokenize("A á")).containsExactly("A", "[UNK]");
    write("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\"}");
    assertThat(read().tokenize("A á")).containsExactly("a", "a");
  }

  @Test
  void addedTokensOfTheConfigSurviveARoundTrip() throws IOException {
    write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n[unused1]\n");
    write(
        "tokenizer_config.json",
        """
        {"added_tokens_decoder": {
          "1": {"content": "[UNK]", "special": true, "normalized": false},
          "6": {"content": "[unused1]", "special": false, "normalized": true},
          "7": {"content": "<E1>", "special": true, "normalized": false},
          "8": {"content": "花呗", "special": false, "normalized": true}}}
        """);
    Tokenizer tokenizer = read();
    assertThat(tokenizer.encode("a<E1>花呗[unused1]").ids()).containsExactly(2, 5, 7, 8, 6, 3);

    HuggingFaceTokenizer files = HuggingFaceTokenizer.read(folder);
    Model model =
        new Model(
            EncoderConfig.ernie(9, 4, 1, 1, 4, 8),
            Task.ENCODER.id(),
            new ParameterStore(),
            files.vocabulary(),
            Map.of(),
            files.options().toMap(),
            Map.of());
    Path target = Files.createDirectory(folder.resolve("out"));
    HuggingFaceTokenizer.write(target, model);
    assertThat(HuggingFaceTokenizer.read(target)).isEqualTo(files);
  }

  @Test
  void notesLowerCasingThatDoesNotFitTheVocabulary() throws IOException {
    write("tokenizer.json", JSON.formatted("true"));
    List<String> cased = new ArrayList<>(HuggingFaceTokenizer.read(folder).vocabulary());
    for (int i = 0; i < 101; i++) {
      cased.add("B" + i);
    }
    assertThat(notes(cased)).anyMatch(note -> note.contains("102 tokens of the vocabulary have"));
    assertThat(notes(cased.subList(0, 9))).isEmpty();
    write("tokenizer_config.json", "{\"do_lower_case\": false}");
    assertThat(notes(cased)).isEmpty();
    assertThat(notes(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "花")))
        .anyMatch(note -> note.contains("words with capitals are unknown"));
  }

  private List<String> notes(List<String> vocabulary) throws IOException {
    ImportedEncoder encoder =
        new ImportedEncoder(
            EncoderConfig.ernie(200, 4, 1, 1, 4, 8),
            new ParameterStore(),
            List.of(),
            List.of(),
            List.of());
    TextSide text =
        new TextSide(vocabulary, HuggingFaceTokenizer.read(folder).options(), List.of());
    return ImportedModel.of(encoder, ImportedHead.NONE, text, "here").notes();
  }
}

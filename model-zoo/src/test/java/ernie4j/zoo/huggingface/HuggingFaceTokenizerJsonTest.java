package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.file.ModelFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HuggingFaceTokenizerJsonTest {
  private static final String GOOD =
      """
      {"added_tokens": [{"id": 0, "content": "[PAD]"}, {"id": 3, "content": "<new>"}],
       "normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null,
         "handle_chinese_chars": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "vocab": {"[PAD]": 0, "##b": 2, "[UNK]": 1}}}
      """;

  @Test
  void ordersTokensByIdAndAppendsAddedOnes() throws Exception {
    HuggingFaceTokenizerJson tokenizer = read(GOOD);
    assertThat(tokenizer.vocabulary()).containsExactly("[PAD]", "[UNK]", "##b", "<new>");
    assertThat(tokenizer.lowerCase()).isTrue();
    assertThat(tokenizer.stripAccents()).isTrue();
  }

  @Test
  void acceptsOlderFilesWithoutTheTypeOfTheModel() throws IOException {
    assertThat(read(GOOD.replace("\"type\": \"WordPiece\", ", "")).vocabulary()).hasSize(4);
  }

  @Test
  void readsAddedTokensAndMatchesSpecialOnesExactly() throws IOException {
    String added =
        GOOD.replace(
            "{\"id\": 3, \"content\": \"<new>\"}",
            "{\"id\": 3, \"content\": \"<New>\", \"special\": true, \"normalized\": false}, {\"id\": 4, \"content\": \"花呗\", \"normalized\": true}");
    HuggingFaceTokenizerJson json = read(added);
    assertThat(json.addedTokens()).containsExactly("<New>", "花呗");
    assertThat(json.exactTokens()).containsExactly("<New>");
    assertThat(HuggingFaceTokenizer.of(json).options().exactTokens()).containsExactly("<New>");
    assertRefused(
        GOOD.replace("\"<new>\"", "\"<new>\", \"single_word\": true"), "'<new>': single_word");
  }

  @Test
  void refusesWhatIsNotABertTokenizer() {
    assertRefused(GOOD.replace("WordPiece", "BPE"), "/model/type: expected 'WordPiece', got");
    assertRefused(GOOD.replace("\"##\"", "\"@@\""), "continuing_subword_prefix");
    assertRefused(GOOD.replace("BertPreTokenizer", "Metaspace"), "/pre_tokenizer/type");
    assertRefused(GOOD.replace("\"lowercase\": true", "\"lowercase\": 1"), "true or false, got 1");
    assertRefused("{", "not JSON");
    assertRefused("\0\0\0{\0\u007f\0\0", "not JSON: Invalid UTF-32 character");
    assertRefused("", "got nothing");
    assertRefused("[".repeat(100_000), "not JSON");
  }

  @Test
  void refusesIdsThatAreNotConsecutive() {
    assertRefused(GOOD.replace("\"##b\": 2", "\"##b\": 1"), "id 1 belongs to");
    assertRefused(GOOD.replace("\"##b\": 2", "\"##b\": 4"), "id 2 has no token");
    assertRefused(GOOD.replace("\"##b\": 2", "\"##b\": -1"), "an id from 0 to 4, got -1");
    assertRefused(GOOD.replace("\"##b\": 2", "\"##b\": 2000000000"), "got 2000000000");
    assertRefused(GOOD.replace("\"##b\": 2", "\"##b\": \"2\""), "token '##b'");
  }

  private static HuggingFaceTokenizerJson read(String json) throws IOException {
    return HuggingFaceTokenizerJson.read(
        "tokenizer.json", new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertRefused(String json, String why) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }
}

package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Tensor;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.huggingface.HuggingFaceTokenizerJson;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The importer on real weights: BAAI's bge-small-zh, from a Maven artifact. */
class BgeSmallZhImportTest {
  private static ImportedEncoder imported;

  @BeforeAll
  static void importModel() throws Exception {
    try (InputStream in = resource("bge-small-zh.onnx")) {
      imported = BertOnnxImporter.read("bge-small-zh.onnx", in).encoder();
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(
        BgeSmallZhImportTest.class.getResourceAsStream("/" + name), "no resource " + name);
  }

  @Test
  void readsTheConfigurationOutOfTheGraph() {
    assertThat(imported.config())
        .isEqualTo(
            EncoderConfig.ernie(21128, 512, 4, 8, 2048, 512).toBuilder()
                .tokenTypes(2)
                .zeroPaddingEmbedding(false)
                .build());
  }

  @Test
  void mapsAll69Initializers() {
    assertThat(imported.parameters().size()).isEqualTo(69);
    assertThat(imported.ignored()).isEmpty();
    assertThat(imported.missing())
        .containsExactly("ernie.pooler.dense.weight", "ernie.pooler.dense.bias");
    assertThat(imported.parameters().elementCount())
        .isEqualTo(
            (21128 + 512 + 2) * 512
                + 2 * 512
                + 4 * (4 * (512 * 512 + 512) + 2 * 512 * 2048 + 2048 + 512 + 4 * 512));
  }

  @Test
  void putsTheLayersInTheOrderOfTheStateDictionary() {
    assertThat(imported.parameters().names())
        .startsWith(
            "ernie.embeddings.word_embeddings.weight",
            "ernie.embeddings.position_embeddings.weight",
            "ernie.embeddings.token_type_embeddings.weight",
            "ernie.embeddings.layer_norm.weight",
            "ernie.embeddings.layer_norm.bias",
            "ernie.encoder.layers.0.self_attn.q_proj.weight",
            "ernie.encoder.layers.0.self_attn.q_proj.bias")
        .endsWith("ernie.encoder.layers.3.norm2.weight", "ernie.encoder.layers.3.norm2.bias");
  }

  @Test
  void weightsAreInByOutAndFinite() {
    assertThat(imported.parameters().get("ernie.encoder.layers.3.linear1.weight").shape())
        .containsExactly(512, 2048);
    assertThat(imported.parameters().get("ernie.encoder.layers.0.linear2.weight").shape())
        .containsExactly(2048, 512);
    for (Tensor tensor : imported.parameters().asMap().values()) {
      double squares = 0;
      for (float value : tensor.toArray()) {
        squares += (double) value * value;
      }
      assertThat(squares / tensor.size()).isFinite().isBetween(1e-8, 10.0);
    }
  }

  @Test
  void readsTheVocabulary() throws Exception {
    HuggingFaceTokenizerJson tokenizer;
    try (InputStream in = resource("bge-small-zh-tokenizer.json")) {
      tokenizer = HuggingFaceTokenizerJson.read("bge-small-zh-tokenizer.json", in);
    }
    assertThat(tokenizer.vocabulary()).hasSize(21128).startsWith("[PAD]", "[unused1]");
    assertThat(tokenizer.vocabulary().get(3064)).isEqualTo("播");
    assertThat(tokenizer.vocabulary().get(9137)).isEqualTo("##38");
    assertThat(tokenizer.vocabulary().get(101)).isEqualTo("[CLS]");
    assertThat(tokenizer.lowerCase()).isFalse();
    assertThat(tokenizer.stripAccents()).isFalse();
    assertThat(tokenizer.splitChineseCharacters()).isTrue();
    assertThat(tokenizer.unknownToken()).isEqualTo("[UNK]");
  }
}

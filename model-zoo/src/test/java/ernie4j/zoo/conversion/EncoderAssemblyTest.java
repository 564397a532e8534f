package ernie4j.zoo.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.SmallModel;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncoderAssemblyTest {
  private static Map<String, SourceTensor> tensors(String prefix) {
    Map<String, SourceTensor> tensors = new LinkedHashMap<>();
    SmallModel.parameters(3)
        .asMap()
        .forEach(
            (name, tensor) ->
                tensors.put(prefix + name.substring("ernie.".length()), SourceTensor.of(tensor)));
    return tensors;
  }

  private static GivenConfig given(String json) throws IOException {
    return GivenConfig.of("config.json", new ObjectMapper().readTree(json), true);
  }

  private static ImportedEncoder assemble(Map<String, SourceTensor> tensors, String json)
      throws IOException {
    return EncoderAssembly.assemble("file", tensors, given(json));
  }

  @Test
  void anyPrefixGivesTheSameEncoder() throws Exception {
    ParameterStore expected = SmallModel.parameters(3);
    for (String prefix : new String[] {"ernie.", "", "bert.", "model.ernie."}) {
      ImportedEncoder read = assemble(tensors(prefix), "{\"num_attention_heads\": 2}");
      assertThat(read.config()).isEqualTo(SmallModel.CONFIG);
      assertThat(read.parameters().names()).isEqualTo(expected.names());
      for (String name : expected.names()) {
        assertThat(read.parameters().get(name).toArray()).isEqualTo(expected.get(name).toArray());
      }
      assertThat(read.missing()).isEmpty();
      assertThat(read.ignored()).isEmpty();
      assertThat(read.notes()).isEmpty();
    }
  }

  @Test
  void reportsMissingAndUnusedTensors() throws Exception {
    Map<String, SourceTensor> tensors = tensors("");
    tensors.remove("pooler.dense.bias");
    tensors.put("cls.predictions.decoder_bias", SourceTensor.of(Tensor.zeros(50)));
    tensors.put("classifier.weight", SourceTensor.of(Tensor.zeros(26, 3)));
    tensors.put("classifier.bias", SourceTensor.of(Tensor.zeros(3)));
    ImportedEncoder read = assemble(tensors, "{\"num_attention_heads\": 2}");
    assertThat(read.parameters().contains("ernie.pooler.dense.weight")).isFalse();
    assertThat(read.parameters().contains("classifier.weight")).isTrue();
    assertThat(read.missing())
        .contains("ernie.pooler.dense.bias", "cls.predictions.transform.weight")
        .doesNotContain("classifier.weight");
    assertThat(read.ignored())
        .containsExactly("pooler.dense.weight", "cls.predictions.decoder_bias");
  }

  @Test
  void takesALanguageModelHeadOnlyIfItsDecoderIsTheWordEmbedding() throws Exception {
    Map<String, SourceTensor> tensors = tensors("ernie.");
    tensors.put("cls.predictions.transform.weight", SourceTensor.of(Tensor.zeros(26, 26)));
    tensors.put("cls.predictions.transform.bias", SourceTensor.of(Tensor.zeros(26)));
    tensors.put("cls.predictions.layer_norm.weight", SourceTensor.of(Tensor.zeros(26)));
    tensors.put("cls.predictions.layer_norm.bias", SourceTensor.of(Tensor.zeros(26)));
    tensors.put("cls.predictions.decoder_bias", SourceTensor.of(Tensor.zeros(50)));
    Tensor words = SmallModel.parameters(3).get("ernie.embeddings.word_embeddings.weight");
    tensors.put("cls.predictions.decoder_weight", SourceTensor.of(words.copy()));
    ImportedEncoder tied = assemble(tensors, "{\"num_attention_heads\": 2}");
    assertThat(tied.parameters().contains("cls.predictions.decoder_bias")).isTrue();
    assertThat(tied.ignored()).isEmpty();
    tensors.put("cls.predictions.decoder_weight", SourceTensor.of(Tensor.zeros(50, 26)));
    ImportedEncoder other = assemble(tensors, "{\"num_attention_heads\": 2}");
    assertThat(other.parameters().contains("cls.predictions.decoder_bias")).isFalse();
    assertThat(other.notes()).singleElement().asString().contains("decoder");
  }

  @Test
  void messageNamesTensorExpectedAndActualShape() {
    Map<String, SourceTensor> tensors = tensors("bert.");
    tensors.put("bert.encoder.layers.1.linear2.weight", SourceTensor.of(Tensor.zeros(26, 70)));
    assertThatThrownBy(() -> assemble(tensors, "{\"num_attention_heads\": 2}"))
        .isInstanceOf(ModelFileException.class)
        .hasMessage(
            "file: tensor 'bert.encoder.layers.1.linear2.weight': expected shape [70, 26], got [26, 70]");
  }

  @Test
  void saysWhatIsMissing() {
    Map<String, SourceTensor> tensors = tensors("ernie.");
    tensors.remove("ernie.encoder.layers.1.norm1.bias");
    assertThatThrownBy(() -> assemble(tensors, "{\"num_attention_heads\": 2}"))
        .hasMessageContaining("no parameter 'ernie.encoder.layers.1.norm1.bias'");
    assertThatThrownBy(() -> assemble(Map.of(), "{}"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("not the parameters of one ERNIE encoder");
  }

  @Test
  void refusesTensorsThatContradictTheConfiguration() {
    for (String key :
        new String[] {
          "vocab_size",
          "hidden_size",
          "num_hidden_layers",
          "intermediate_size",
          "max_position_embeddings",
          "type_vocab_size"
        }) {
      assertThatThrownBy(
              () ->
                  assemble(
                      tensors(""), "{\"num_attention_heads\": 2, \"%s\": 1000}".formatted(key)))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(key + ": config.json says 1000, but the tensors have ");
    }
    assertThatThrownBy(() -> assemble(tensors(""), "{\"num_attention_heads\": 3}"))
        .hasMessageContaining("num_attention_heads 3 does not divide the hidden size 26");
    assertThatThrownBy(() -> assemble(tensors(""), "{\"hidden_act\": \"relu\"}"))
        .hasMessageContaining("expected gelu");
    assertThatThrownBy(
            () ->
                assemble(
                    tensors(""), "{\"num_attention_heads\": 2, \"sent_type_vocab_size\": 1000}"))
        .hasMessageContaining("sent_type_vocab_size: config.json says 1000");
  }

  /** As in uie-base-en. The original fills the table with random values, which spoils the model. */
  @Test
  void aMissingTableOfTaskTypesIsZero() throws Exception {
    ImportedEncoder read =
        assemble(tensors(""), "{\"num_attention_heads\": 2, \"use_task_id\": true}");
    assertThat(read.config().taskTypes()).isZero();
    assertThat(read.notes()).anyMatch(note -> note.contains("it was assumed to be zero"));
  }

  @Test
  void readsTheOlderNestedConfiguration() throws Exception {
    GivenConfig config =
        given(
            """
            {"init_args": [{"init_args": [{"num_attention_heads": 2, "hidden_size": 26}],
             "init_class": "ErnieModel"}], "init_class": "ErnieForSequenceClassification"}""");
    assertThat(config.attentionHeads()).hasValue(2);
    assertThat(config.sizes()).containsEntry("hidden_size", 26);
    assertThat(config.layerNormEpsilon()).isEqualTo(1e-12f);
  }

  @Test
  void infersTheNumberOfHeadsWithANote() throws Exception {
    for (EncoderConfig named : ernie4j.zoo.Architectures.all().values()) {
      Map<String, SourceTensor> tensors = new LinkedHashMap<>();
      EncoderConfig small =
          EncoderConfig.ernie(10, named.hiddenSize(), 1, named.attentionHeads(), 8, 6);
      ernie4j.engine.ParameterNames.shapes(small)
          .forEach((name, shape) -> tensors.put(name, SourceTensor.of(Tensor.zeros(shape))));
      ImportedEncoder read = EncoderAssembly.assemble("file", tensors, GivenConfig.paddle());
      assertThat(read.config()).isEqualTo(small);
      assertThat(read.notes()).singleElement().asString().contains("number of attention heads");
    }
  }

  @Test
  void acceptsLayersThatWerePrunedInWidth() throws Exception {
    Map<String, SourceTensor> tensors = tensors("ernie.");
    String layer = "ernie.encoder.layers.0.";
    for (String projection : new String[] {"q_proj", "k_proj", "v_proj"}) {
      tensors.put(
          layer + "self_attn." + projection + ".weight", SourceTensor.of(Tensor.zeros(26, 13)));
      tensors.put(layer + "self_attn." + projection + ".bias", SourceTensor.of(Tensor.zeros(13)));
    }
    tensors.put(layer + "self_attn.out_proj.weight", SourceTensor.of(Tensor.zeros(13, 26)));
    tensors.put(layer + "linear1.weight", SourceTensor.of(Tensor.zeros(26, 35)));
    tensors.put(layer + "linear1.bias", SourceTensor.of(Tensor.zeros(35)));
    tensors.put(layer + "linear2.weight", SourceTensor.of(Tensor.zeros(35, 26)));
    ImportedEncoder read = assemble(tensors, "{\"num_attention_heads\": 2}");
    assertThat(read.config()).isEqualTo(SmallModel.CONFIG);
    assertThatThrownBy(() -> assemble(tensors, "{\"num_attention_heads\": 1}"))
        .hasMessageContaining("is num_attention_heads 1 right?");
  }
}

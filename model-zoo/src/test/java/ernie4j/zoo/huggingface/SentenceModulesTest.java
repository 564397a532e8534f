package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.zoo.ModelExport;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of sentence-transformers around the golden model b, whose hidden size is 26. */
class SentenceModulesTest {
  @TempDir Path folder;

  @BeforeEach
  void copyGolden() throws IOException {
    Path golden = Golden.path("formats").resolve("b.hf");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(golden.resolve(name), folder.resolve(name));
    }
  }

  private void write(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private void modules(String... types) throws IOException {
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < types.length; i++) {
      json.append(i == 0 ? "[" : ",")
          .append(
              "{\"idx\":%d,\"name\":\"%d\",\"path\":\"%s\",\"type\":\"sentence_transformers.models.%s\"}"
                  .formatted(i, i, i == 0 ? "" : i + "_" + types[i], types[i]));
    }
    write("modules.json", json + "]");
  }

  private void pooling(String... modes) throws IOException {
    StringBuilder json = new StringBuilder("{\"word_embedding_dimension\":26");
    for (String mode : List.of("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")) {
      json.append(",\"pooling_mode_%s\":%s".formatted(mode, List.of(modes).contains(mode)));
    }
    write("1_Pooling/config.json", json + "}");
  }

  private Map<String, String> options() throws IOException {
    return ModelImport.read(folder).model().options();
  }

  @Test
  void notesLowerCasingThatTheTokenizerDoesNotDo() throws IOException {
    modules("Transformer", "Pooling");
    pooling("mean_tokens");
    write("sentence_bert_config.json", "{\"max_seq_length\": 20, \"do_lower_case\": true}");
    write("vocab.txt", "[PAD]\n[CLS]\n[SEP]\n[MASK]\n[UNK]\n");
    for (boolean does : new boolean[] {true, false}) {
      write("tokenizer_config.json", "{\"do_lower_case\": %s}".formatted(does));
      assertThat(ModelImport.read(folder).notes().stream().anyMatch(n -> n.contains("lower case")))
          .isEqualTo(!does);
    }
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> ModelImport.read(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({"cls_token,cls", "mean_tokens,mean", "max_tokens,max"})
  void modelFileStoresPoolingAndLength(String mode, String pooling) throws IOException {
    assertThat(options()).isEmpty();
    pooling(mode);
    assertThat(options()).as("without modules.json").isEqualTo(Map.of("pooling", pooling));
    write("modules.json", "[]");
    assertThat(options()).as("with an empty one").isEqualTo(Map.of("pooling", pooling));
    modules("Transformer", "Pooling");
    assertThat(options()).isEqualTo(Map.of("pooling", pooling, "normalize", "false"));
    modules("Transformer", "Pooling", "Normalize");
    assertThat(options()).isEqualTo(Map.of("pooling", pooling, "normalize", "true"));
  }

  @Test
  void modulesAreFoundAboveTheFolderOfTheWeights() throws IOException {
    pooling("mean_tokens");
    modules("Transformer", "Pooling");
    write(
        "modules.json",
        Files.readString(folder.resolve("modules.json"))
            .replaceFirst("\"path\":\"\"", "\"path\":\"0_Transformer\""));
    Files.createDirectory(folder.resolve("0_Transformer"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.move(folder.resolve(name), folder.resolve("0_Transformer").resolve(name));
    }
    assertThat(ModelImport.read(folder.resolve("0_Transformer")).model().options())
        .containsEntry("pooling", "mean");
  }

  @Test
  void prefixesAndLengthAreStored() throws IOException {
    pooling("mean_tokens");
    modules("Transformer", "Pooling", "Normalize");
    write("sentence_bert_config.json", "{\"max_seq_length\": 20, \"do_lower_case\": false}");
    write(
        "config_sentence_transformers.json",
        "{\"prompts\":{\"query\":\"q: \",\"document\":\"d:"
            + " \",\"other\":\"o\"},\"default_prompt_name\":\"other\"}");
    assertThat(options())
        .containsEntry("query_prefix", "q: ")
        .containsEntry("passage_prefix", "d: ")
        .containsEntry("text_prefix", "o")
        .containsEntry("max_length", "20");

    write(
        "1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true, \"include_prompt\": false}");
    assertThat(options()).doesNotContainKey("query_prefix");
    assertThat(ModelImport.read(folder).notes()).anyMatch(note -> note.contains("prefixes"));
  }

  @Test
  void readsTheDenseLayerWithItsActivation() throws IOException {
    pooling("cls_token");
    modules("Transformer", "Pooling", "Dense");
    int hidden = GoldenModel.config("b.json").hiddenSize();
    Tensor weight = Tensor.zeros(3, hidden);
    weight.data()[hidden + 5] = 7; // output 1 of input 5
    Files.createDirectories(folder.resolve("2_Dense"));
    new SafetensorsWriter()
        .add("linear.weight", weight)
        .add("linear.bias", Tensor.of(new float[] {1, 2, 3}, 3))
        .write(folder.resolve("2_Dense/model.safetensors"));
    for (Map.Entry<String, String> activation :
        Map.of(
                "torch.nn.modules.activation.Tanh", "tanh",
                "torch.nn.modules.linear.Identity", "identity")
            .entrySet()) {
      write(
          "2_Dense/config.json",
          "{\"in_features\":%d,\"out_features\":3,\"activation_function\":\"%s\"}"
              .formatted(hidden, activation.getKey()));
      Model model = ModelImport.read(folder).model();
      assertThat(model.options()).containsEntry("dense_activation", activation.getValue());
      assertThat(
              model.parameters().get("sentence_embedding.dense.weight", hidden, 3).get(5 * 3 + 1))
          .isEqualTo(7);
      assertThat(model.parameters().get("sentence_embedding.dense.bias").toArray())
          .containsExactly(1, 2, 3);
    }
    Model model = ModelImport.read(folder).model();
    Path target = folder.resolve("exported");
    List<String> notes = ModelExport.write(model, ModelExport.Format.HUGGINGFACE, target);
    assertThat(notes).anyMatch(note -> note.contains("dense layer after the pooling was left out"));
    assertThat(ModelImport.read(target).model().options()).isEqualTo(model.options());

    write("2_Dense/config.json", "{\"activation_function\":\"torch.nn.modules.activation.ReLU\"}");
    assertRefused("expected Tanh or Identity, got ReLU");
    write("2_Dense/config.json", "{}");
    new SafetensorsWriter()
        .add("linear.weight", Tensor.zeros(3, hidden - 1))
        .write(folder.resolve("2_Dense/model.safetensors"));
    assertRefused("expected a matrix of %d columns, got [3, %d]".formatted(hidden, hidden - 1));
    Files.delete(folder.resolve("2_Dense/model.safetensors"));
    assertRefused("expected model.safetensors or pytorch_model.bin");
  }

  @Test
  void refusesUnsupportedModulesByName() throws IOException {
    pooling("mean_tokens");
    modules("Transformer", "WeightedLayerPooling", "Pooling");
    assertRefused("WeightedLayerPooling");
    modules("Transformer", "Pooling", "Dense", "Dense");
    assertRefused("[Transformer, Pooling, Dense, Dense]");
    modules("Transformer", "Pooling");
    pooling("mean_tokens", "max_tokens");
    assertRefused("got [mean_tokens, max_tokens]");
    pooling("mean_sqrt_len_tokens");
    assertRefused("got [mean_sqrt_len_tokens]");
    write("1_Pooling/config.json", "{\"word_embedding_dimension\": 768}");
    assertRefused("expected the hidden size 26, got 768");
    write("modules.json", "[{\"type\":\"Transformer\",\"path\":\"../other\"}]");
    assertRefused("got '../other'");
  }
}

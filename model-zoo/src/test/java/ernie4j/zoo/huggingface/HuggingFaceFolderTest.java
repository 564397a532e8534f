package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.engine.head.Task;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.onnx.ExportRoundTripTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders made of the golden one: model b with the masked language model's head. */
class HuggingFaceFolderTest {
  @TempDir Path folder;
  private Path golden;

  @BeforeEach
  void copyGolden() throws IOException {
    golden = Golden.path("formats").resolve("b.hf");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(golden.resolve(name), folder.resolve(name));
    }
  }

  private static ParameterStore expected() throws IOException {
    return GoldenModel.parameters("b.safetensors", "b.mlm_head.safetensors");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "pytorch_model.bin"})
  void readsTheGoldenModelExactly(String weights) throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    Files.copy(golden.resolve(weights), folder.resolve(weights));

    change(config -> config.put("layer_norm_eps", 1e-12)); // The port says 1e-5.
    ModelImport.Imported read = ModelImport.read(folder);

    ExportRoundTripTest.assertSame(read.model().parameters(), withoutDecoder(expected()));
    assertThat(read.model().config()).isEqualTo(GoldenModel.config("b.json"));
    assertThat(read.model().task()).isEqualTo(Task.MASKED_LM.id());
    assertThat(read.notes()).noneMatch(note -> note.contains("layer_norm_eps"));
    assertThat(read.notes()).noneMatch(note -> note.contains("position_ids"));
  }

  private static ParameterStore withoutDecoder(ParameterStore store) {
    store.remove("cls.predictions.decoder_weight");
    return store;
  }

  @Test
  void readsSeveralFilesThroughTheirIndex() throws IOException {
    SafetensorsFile whole = SafetensorsFile.open(folder.resolve("model.safetensors"));
    Map<String, String> places = new LinkedHashMap<>();
    List<SafetensorsWriter> shards = List.of(new SafetensorsWriter(), new SafetensorsWriter());
    int count = 0;
    for (SafetensorsEntry entry : whole.entries()) {
      if (entry.type().name().equals("F32")) {
        int shard = count++ % 2;
        shards.get(shard).add(entry.name(), whole.tensor(entry.name()));
        places.put(entry.name(), "model-0000%d-of-00002.safetensors".formatted(shard + 1));
      }
    }
    for (int i = 0; i < 2; i++) {
      shards.get(i).write(folder.resolve("model-0000%d-of-00002.safetensors".formatted(i + 1)));
    }
    Files.delete(folder.resolve("model.safetensors"));
    write("model.safetensors.index.json", Map.of("metadata", Map.of(), "weight_map", places));
    ExportRoundTripTest.assertSame(
        ModelImport.read(folder).model().parameters(), withoutDecoder(expected()));

    places.replaceAll((name, file) -> "../" + file);
    write("model.safetensors.index.json", Map.of("weight_map", places));
    assertRefused("expected files in the same folder, got '../model-00001-of-00002.safetensors'");
    places.replaceAll((name, file) -> "model-00001-of-00002.safetensors");
    write("model.safetensors.index.json", Map.of("weight_map", places));
    assertRefused("is not in model-00001-of-00002.safetensors");
  }

  private void write(String file, Object json) throws IOException {
    Files.writeString(folder.resolve(file), new ObjectMapper().writeValueAsString(json));
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> ModelImport.read(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }

  private void change(Consumer<ObjectNode> change) throws IOException {
    JsonNode config = new ObjectMapper().readTree(folder.resolve("config.json").toFile());
    change.accept((ObjectNode) config);
    write("config.json", config);
  }

  @Test
  void refusesUnsupportedConfigurationsByName() throws IOException {
    change(config -> config.put("hidden_act", "gelu_new"));
    assertRefused("got gelu_new");
    change(
        config -> config.put("hidden_act", "gelu").put("position_embedding_type", "relative_key"));
    assertRefused("relative positions are not supported");
    change(config -> config.put("position_embedding_type", "absolute").put("is_decoder", true));
    assertRefused("is_decoder");
    change(config -> config.put("is_decoder", false).put("model_type", "roberta"));
    assertRefused("got 'roberta'");
    change(config -> config.put("model_type", "ernie").put("hidden_size", hidden() + 2));
    assertRefused("hidden_size");
  }

  private static int hidden() {
    return GoldenModel.config("b.json").hiddenSize();
  }

  @Test
  void recognizesGitLfsPointersAndFilesOfOldTorch() throws IOException {
    Files.delete(folder.resolve("model.safetensors"));
    Path weights = folder.resolve("pytorch_model.bin");
    Files.writeString(
        weights, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n");
    assertRefused("Git LFS pointer");
    Files.write(
        weights, new byte[] {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, 1, 2, 3, 4});
    assertRefused("torch before 1.6");
    Files.writeString(weights, "hello world");
    assertThatThrownBy(() -> ModelImport.read(folder))
        .hasMessageContaining("weights of Hugging Face");
  }

  @Test
  void readsAClassifierWithLabelsAndOldParameterNames() throws IOException {
    SafetensorsFile whole = SafetensorsFile.open(folder.resolve("model.safetensors"));
    Tensor weight = Tensor.zeros(2, hidden());
    weight.data()[1] = 5;
    SafetensorsWriter writer = new SafetensorsWriter();
    for (SafetensorsEntry entry : whole.entries()) {
      if (entry.name().startsWith("ernie.") && entry.type().name().equals("F32")) {
        String name = entry.name().substring("ernie.".length());
        writer.add(
            name.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"),
            whole.tensor(entry.name()));
      }
    }
    writer.add("classifier.weight", weight).add("classifier.bias", Tensor.zeros(2));
    writer.write(folder.resolve("model.safetensors"));
    change(
        config -> {
          config.putArray("architectures").add("ErnieForTokenClassification");
          config.putObject("id2label").put("0", "B-PER").put("1", "O");
        });
    Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\n[MASK]\n[UNK]\n");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");

    ModelImport.Imported read = ModelImport.read(folder);

    assertThat(read.model().task()).isEqualTo(Task.TOKEN_CLASSIFICATION.id());
    assertThat(read.model().labels()).isEqualTo(Map.of("label", List.of("B-PER", "O")));
    assertThat(read.model().tokenizerOptions()).containsEntry("lower_case", "false");
    assertThat(read.model().vocabulary()).hasSize(5);
    assertThat(read.model().parameters().get("classifier.weight", hidden(), 2).get(2)).isEqualTo(5);
    assertThat(read.model().parameters().get("ernie.embeddings.layer_norm.bias").toArray())
        .isEqualTo(expected().get("ernie.embeddings.layer_norm.bias").toArray());

    change(config -> config.putObject("id2label").put("0", "one"));
    assertRefused("id2label has 1 names, but the classifier 2 outputs");
    change(config -> config.putObject("id2label").put("0", "one").put("3", "three"));
    assertRefused("there is none of 1");
  }
}

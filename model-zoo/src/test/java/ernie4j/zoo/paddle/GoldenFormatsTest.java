package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.pickle.PickleWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same model in all formats that Paddle has had gives the same bits. */
class GoldenFormatsTest {
  private static ParameterStore expected() throws Exception {
    ParameterStore store = GoldenModel.parameters("a.safetensors");
    for (String head : new String[] {"intent_classifier", "slot_classifier"}) {
      for (String kind : new String[] {".weight", ".bias"}) {
        store.put(head + kind, Golden.file("joint.safetensors").tensor(head + kind));
      }
    }
    return store;
  }

  private static void assertSame(ParameterSource actual, ParameterStore expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.get(name).toArray()).as(name).isEqualTo(expected.get(name).toArray());
      assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
    }
  }

  /** Reads a file beside a config.json with the number of heads, as in a model folder. */
  private static ModelImport.Imported read(Path folder, String name) throws Exception {
    Path copy = folder.resolve(name);
    Files.copy(Golden.path("formats/" + name), copy, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        Golden.path("a.json"), folder.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
    return ModelImport.read(copy);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"p4", "p2", "p4_numpy2", "tuple", "reduce_tuple", "lod", "fortran", "bigparam"})
  void everyPickleGivesTheSameModel(String variant, @TempDir Path folder) throws Exception {
    ModelImport.Imported read = read(folder, "a." + variant + ".pdparams");
    assertThat(read.model().config()).isEqualTo(GoldenModel.config("a.json"));
    assertThat(read.model().task()).isEqualTo(Task.JOINT_INTENT_SLOTS.id());
    assertSame(read.model().parameters(), expected());
    assertThat(read.notes()).singleElement().asString().contains("vocab.txt");
  }

  @Test
  void readsARawFileWithoutPrefixPoolerAndHeads(@TempDir Path folder) throws Exception {
    ModelImport.Imported read = read(folder, "a.raw.pdparams");
    ParameterStore body = GoldenModel.parameters("a.safetensors");
    body.remove("ernie.pooler.dense.weight");
    body.remove("ernie.pooler.dense.bias");
    assertSame(read.model().parameters(), body);
    assertThat(read.model().task()).isEqualTo(Task.ENCODER.id());
    assertThat(read.notes())
        .anyMatch(note -> note.contains("ernie.pooler.dense.weight"))
        .anyMatch(note -> note.contains("[cls.predictions.decoder_bias]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsAnInferenceModelByItsInfoFileOrByItsOperations(boolean info, @TempDir Path folder)
      throws Exception {
    for (String ending : new String[] {"pdmodel", "pdiparams", "pdiparams.info"}) {
      Files.copy(Golden.path("formats/a." + ending), folder.resolve("a." + ending));
    }
    if (!info) {
      Files.delete(folder.resolve("a.pdiparams.info"));
    }
    ModelImport.Imported read = ModelImport.read(folder);
    EncoderConfig config = GoldenModel.config("a.json");
    assertThat(read.model().config()).isEqualTo(config);
    assertThat(read.model().task()).isEqualTo(Task.JOINT_INTENT_SLOTS.id());
    assertSame(read.model().parameters(), expected());
  }

  @Test
  void readsSafetensorsWithPaddleNames(@TempDir Path folder) throws Exception {
    Files.copy(Golden.path("b.safetensors"), folder.resolve("model.safetensors"));
    Files.copy(Golden.path("b.json"), folder.resolve("config.json"));
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().config()).isEqualTo(GoldenModel.config("b.json"));
    assertSame(read.model().parameters(), GoldenModel.parameters("b.safetensors"));
  }

  /** UIE with the names and the configuration of each of its two generations. */
  @ParameterizedTest
  @CsvSource({
    "model.safetensors, model.config.json, config.json",
    "model.encoder-prefix.safetensors, model.encoder-prefix.model_config.json, model_config.json"
  })
  void readsBothGenerationsOfAnExtractor(
      String weights, String config, String configName, @TempDir Path folder) throws Exception {
    Files.copy(Golden.path("uie/" + config), folder.resolve(configName));
    ParameterStore expected = GoldenModel.parameters("uie/model.safetensors");
    Files.copy(Golden.path("uie/" + weights), folder.resolve("model.safetensors"));
    assertExtractor(ModelImport.read(folder), expected);
    Files.delete(folder.resolve("model.safetensors"));
    Map<String, Object> dict =
        new LinkedHashMap<>(GoldenModel.parameters("uie/" + weights).asMap());
    AtomicFile.write(
        folder.resolve("model_state.pdparams"), channel -> PickleWriter.write(channel, dict));
    assertExtractor(ModelImport.read(folder), expected);
    Files.delete(folder.resolve(configName));
    assertThat(ModelImport.read(folder).model().task()).isEqualTo(Task.INFORMATION_EXTRACTION.id());
  }

  private static void assertExtractor(ModelImport.Imported read, ParameterStore expected) {
    assertThat(read.model().task()).isEqualTo(Task.INFORMATION_EXTRACTION.id());
    assertThat(read.model().config()).isEqualTo(GoldenModel.config("uie/model.config.json"));
    assertSame(read.model().parameters(), expected);
  }

  @ParameterizedTest
  @CsvSource({
    "UIEM, uie-m-base, its encoder is ERNIE-M",
    "UIEX, uie-x-base, its encoder is ERNIE-Layout",
    "UTC, utc-base, its head compares options with a text"
  })
  void relativesOfUieAreRefusedByName(
      String name, String example, String reason, @TempDir Path folder) throws Exception {
    Path weights = folder.resolve("model.safetensors");
    Files.copy(Golden.path("uie/model.safetensors"), weights);
    for (String config :
        List.of("{\"architectures\": [\"%s\"]}", "{\"init_args\": [{}], \"init_class\": \"%s\"}")) {
      Files.writeString(folder.resolve("config.json"), config.formatted(name));
      assertThatThrownBy(() -> ModelImport.read(weights))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining(name + " (" + example)
          .hasMessageContaining("is not supported: " + reason);
    }
  }

  @Test
  void readsAModelThatWasPrunedInWidth(@TempDir Path folder) throws Exception {
    Files.copy(Golden.path("c.safetensors"), folder.resolve("model.safetensors"));
    Files.copy(Golden.path("c.json"), folder.resolve("config.json"));
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().config()).isEqualTo(GoldenModel.config("c.json"));
    assertSame(read.model().parameters(), GoldenModel.parameters("c.safetensors"));
  }
}

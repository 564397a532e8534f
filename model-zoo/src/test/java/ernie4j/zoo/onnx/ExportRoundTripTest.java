package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.SmallModel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.BgeSmallZh;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.quant.ModelQuantizer;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.huggingface.HuggingFaceTokenizer;
import ernie4j.zoo.paddle.RandomModels;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models are imported again bit for bit. */
public class ExportRoundTripTest {
  /** Asserts that two sources hold the same parameters, bit for bit, whatever their order. */
  public static void assertSame(ParameterSource actual, ParameterSource expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.shape(name)).as(name).isEqualTo(expected.shape(name));
      assertThat(actual.isInt8(name)).as(name).isEqualTo(expected.isInt8(name));
      if (expected.weight(name) instanceof Int8Weight codes) {
        Int8Weight read = (Int8Weight) actual.weight(name);
        assertThat(read.codes()).as(name).isEqualTo(codes.codes());
        assertThat(read.coding()).as(name).isEqualTo(codes.coding());
        assertThat(read.companion().toArray()).as(name).isEqualTo(codes.companion().toArray());
      } else {
        assertThat(actual.get(name).toArray()).as(name).isEqualTo(expected.get(name).toArray());
      }
    }
  }

  private static Model roundTrip(Model model) throws Exception {
    BertOnnxImporter.Imported read =
        BertOnnxImporter.read("round trip", OnnxExport.graph(model).toByteArray());
    assertThat(read.head().task().id()).isEqualTo(model.task());
    assertThat(read.head().labels()).isEqualTo(model.labels());
    assertThat(read.head().options()).isEqualTo(model.options());
    assertThat(read.encoder().config()).isEqualTo(model.config());
    assertSame(read.encoder().parameters(), model.parameters());
    return Model.encoder(read.encoder().config(), read.encoder().parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c", "f"})
  void floats(String name) throws Exception {
    roundTrip(
        Model.encoder(
            GoldenModel.config(name + ".json"), GoldenModel.parameters(name + ".safetensors")));
  }

  @ParameterizedTest
  @EnumSource
  void headsAndLabelsAndOptions(Task task) throws Exception {
    Model model = RandomModels.of(EncoderConfig.ernie(20, 12, 2, 3, 24, 8), task);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    if (task != Task.ENCODER && !task.usesPooler()) {
      // A graph has no place for parameters that no output uses.
      store.remove("ernie.pooler.dense.weight");
      store.remove("ernie.pooler.dense.bias");
    }
    roundTrip(model.withParameters(model.config(), store));
  }

  @Test
  void refusesATaskOfANewerVersion() {
    OnnxModel graph = OnnxExport.encoder(SmallModel.CONFIG, SmallModel.parameters(1));
    OnnxMetadata.write(
        Model.encoder(SmallModel.CONFIG, SmallModel.parameters(1)).withTask("cooking", Map.of()),
        graph);
    assertThatThrownBy(() -> BertOnnxImporter.read("new.onnx", graph.toByteArray()))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("the task 'cooking' is unknown");
  }

  @Test
  void goldenHeads() throws Exception {
    Model joint =
        Model.encoder(GoldenModel.config("a.json"), GoldenModel.parameters("a.safetensors"))
            .withTask(Task.JOINT_INTENT_SLOTS.id(), Map.of("intent", List.of("x", "音乐")));
    ParameterStore store = ParameterStore.copyOf(joint.parameters());
    GoldenModel.parameters("joint.safetensors").asMap().entrySet().stream()
        .filter(entry -> entry.getKey().contains("_classifier."))
        .filter(entry -> !entry.getKey().contains("grad"))
        .forEach(entry -> store.put(entry.getKey(), entry.getValue()));
    roundTrip(joint.withParameters(joint.config(), store));
  }

  @Test
  void int8() throws Exception {
    EncoderConfig config = EncoderConfig.ernie(50, 48, 2, 3, 96, 24);
    Model model = Model.encoder(config, RandomParameters.of(config));
    Map<String, Float> scales = new HashMap<>();
    List<String> layers = ModelQuantizer.linearLayers(model);
    layers.subList(0, layers.size() / 2).forEach(layer -> scales.put(layer, 2.3f));
    for (EmbeddingQuantization form : EmbeddingQuantization.values()) {
      roundTrip(ModelQuantizer.embeddings(ModelQuantizer.linear(model, layers, scales), form));
    }
  }

  @Test
  void realWeights() throws Exception {
    roundTrip(BgeSmallZh.model());
  }

  @Test
  void theBundledModelThroughAFolder(@TempDir Path folder) throws Exception {
    Model model = JointSlu.bundledModel();
    OnnxExport.write(folder.resolve("model.onnx"), model);
    HuggingFaceTokenizer.write(folder, model);
    Model read = ModelImport.read(folder).model();
    assertSame(read.parameters(), model.parameters());
    assertThat(read.config()).isEqualTo(model.config());
    assertThat(read.labels()).isEqualTo(model.labels());
    assertThat(read.vocabulary()).isEqualTo(model.vocabulary());
    assertThat(read.tokenizerOptions()).isEqualTo(model.tokenizerOptions());
    String text = "来一首周华健的花心";
    assertThat(JointSlu.of(read).parse(text)).isEqualTo(JointSlu.bundled().parse(text));
  }
}

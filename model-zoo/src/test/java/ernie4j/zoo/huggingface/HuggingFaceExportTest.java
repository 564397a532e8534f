package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.BgeSmallZh;
import ernie4j.pipeline.JointSlu;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.onnx.ExportRoundTripTest;
import ernie4j.zoo.paddle.RandomModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceExportTest {
  @TempDir Path folder;

  @Test
  void writesTheGoldenFolderAgain() throws IOException {
    Path golden = Golden.path("formats").resolve("b.hf");
    Model model = ModelImport.read(golden).model();
    Path target = folder.resolve("b");
    HuggingFaceExport.write(target, model);

    SafetensorsFile expected = SafetensorsFile.open(golden.resolve("model.safetensors"));
    SafetensorsFile written = SafetensorsFile.open(target.resolve("model.safetensors"));
    assertThat(written.metadata()).containsEntry("format", "pt");
    for (var entry : written.entries()) {
      assertThat(entry.shape()).isEqualTo(expected.entry(entry.name()).shape());
      assertThat(written.floats(entry.name())).isEqualTo(expected.floats(entry.name()));
    }
    assertThat(expected.entries().stream().map(e -> e.name()).filter(n -> !written.contains(n)))
        .containsExactlyInAnyOrder(
            "ernie.embeddings.position_ids",
            "cls.predictions.decoder.weight",
            "cls.predictions.decoder.bias");
    JsonNode config = new ObjectMapper().readTree(target.resolve("config.json").toFile());
    assertThat(config.path("architectures").path(0).asText()).isEqualTo("ErnieForMaskedLM");
    assertThat(config.path("task_type_vocab_size").asInt()).isEqualTo(model.config().taskTypes());
    assertThat(config.path("use_task_id").asBoolean()).isTrue();
  }

  @Test
  void bertSurvivesARoundTrip() throws IOException {
    Model bert = BgeSmallZh.model();
    Path target = folder.resolve("bert");
    HuggingFaceExport.write(target, bert);
    ModelImport.Imported read = ModelImport.read(target);
    ExportRoundTripTest.assertSame(read.model().parameters(), bert.parameters());
    assertThat(read.model().config()).isEqualTo(bert.config());
    assertThat(read.model().vocabulary()).isEqualTo(bert.vocabulary());
    assertThat(read.model().tokenizerOptions()).isEqualTo(bert.tokenizerOptions());

    assertThatThrownBy(() -> HuggingFaceExport.write(target, bert))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a new or empty folder");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(target);
    }
  }

  private static final EncoderConfig SMALL = EncoderConfig.ernie(20, 12, 2, 3, 24, 8);

  @ParameterizedTest
  @EnumSource
  void everyTaskKeepsItsLabelsAndOptions(Task task) throws IOException {
    Model model = RandomModels.of(SMALL, task);
    Path target = folder.resolve("m");
    HuggingFaceExport.write(target, model);
    ModelImport.Imported read = ModelImport.read(target);
    assertThat(read.model().task()).isEqualTo(task.id());
    assertThat(read.model().labels()).isEqualTo(model.labels());
    assertThat(read.model().options()).isEqualTo(model.options());
    ExportRoundTripTest.assertSame(read.model().parameters(), model.parameters());
    assertThat(read.notes()).isEmpty();
  }

  private JsonNode config(Model model) throws IOException {
    Path target = folder.resolve("m");
    HuggingFaceExport.write(target, model);
    JsonNode config = new ObjectMapper().readTree(target.resolve("config.json").toFile());
    FlatFolder.deleteIfThere(target);
    return config;
  }

  @Test
  void describesClassifiersAsTransformersDoes() throws IOException {
    JsonNode config = config(RandomModels.of(SMALL, Task.SCORING));
    assertThat(config.path("architectures").path(0).asText())
        .isEqualTo("ErnieForSequenceClassification");
    assertThat(config.path("problem_type").asText()).isEqualTo("regression");
    assertThat(config.path("num_labels").asInt()).isEqualTo(1);
    assertThat(config.path("id2label")).hasToString("{\"0\":\"LABEL_0\"}");
    assertThat(config.path("sentence_transformers").path("activation_fn").asText())
        .isEqualTo("torch.nn.modules.activation.Sigmoid");

    config = config(RandomModels.of(SMALL, Task.MULTI_LABEL_CLASSIFICATION));
    assertThat(config.path("architectures").path(0).asText())
        .isEqualTo("ErnieForSequenceClassification");
    assertThat(config.path("problem_type").asText()).isEqualTo("multi_label_classification");
    assertThat(config.path("id2label").size()).isEqualTo(4);

    config = config(RandomModels.of(SMALL, Task.SEQUENCE_CLASSIFICATION));
    assertThat(config.path("problem_type").asText()).isEqualTo("single_label_classification");
    config = config(RandomModels.of(SMALL, Task.QUESTION_ANSWERING));
    assertThat(config.has("problem_type")).isFalse();
    assertThat(config.has("num_labels")).isFalse();
  }

  /** The body as a field of another name, no model_type, task types without a prefix. */
  @ParameterizedTest
  @ValueSource(strings = {"encoder.", "bert.", "ernie."})
  void readsPortsOfUie(String body) throws IOException {
    Model model = RandomModels.of(SMALL.withTaskTypes(3), Task.INFORMATION_EXTRACTION);
    Path target = folder.resolve("uie");
    HuggingFaceExport.write(target, model);
    ObjectNode config =
        (ObjectNode) new ObjectMapper().readTree(target.resolve("config.json").toFile());
    assertThat(config.path("architectures")).hasToString("[\"UIE\"]");
    config.remove(List.of("model_type", "ernie4j"));
    Files.writeString(target.resolve("config.json"), config.toString());
    Path weights = target.resolve("model.safetensors");
    SafetensorsFile written = SafetensorsFile.open(weights);
    SafetensorsWriter port = new SafetensorsWriter();
    TorchZip torch = new TorchZip();
    for (SafetensorsEntry entry : written.entries()) {
      String name = entry.name();
      String renamed =
          name.contains("task_type") && body.equals("bert.")
              ? name.substring("ernie.".length())
              : name.replaceFirst("^ernie\\.", body);
      port.add(renamed, written.tensor(name));
      addTo(torch, renamed, written.tensor(name));
    }
    port.write(weights);
    assertPort(ModelImport.read(target), model);
    Files.delete(weights);
    torch.write(target.resolve("pytorch_model.bin"));
    assertPort(ModelImport.read(target), model);
  }

  private static void addTo(TorchZip torch, String name, Tensor tensor) {
    int[] shape = tensor.shape();
    int[] strides = shape.length == 1 ? new int[] {1} : new int[] {shape[1], 1};
    torch
        .storage(name, tensor.toArray())
        .tensor(name, "FloatStorage", name, tensor.size(), 0, shape, strides);
  }

  private static void assertPort(ModelImport.Imported read, Model expected) {
    assertThat(read.model().task()).isEqualTo(Task.INFORMATION_EXTRACTION.id());
    assertThat(read.model().config()).isEqualTo(expected.config());
    ExportRoundTripTest.assertSame(read.model().parameters(), expected.parameters());
  }

  @Test
  void notesAHeadThatTransformersDoesNotKnow() throws IOException {
    assertThat(
            HuggingFaceExport.write(
                folder.resolve("m"), RandomModels.of(SMALL, Task.JOINT_INTENT_SLOTS)))
        .contains(
            "transformers knows no head for the task joint-intent-slots; it reads the encoder and"
                + " leaves out intent_classifier and slot_classifier.");
  }

  @Test
  void fillingUpPrunedLayersChangesNoResult() throws IOException {
    Model pruned =
        Model.encoder(GoldenModel.config("c.json"), GoldenModel.parameters("c.safetensors"))
            .withTask(Task.ENCODER.id(), Map.of());
    Path target = folder.resolve("c");
    assertThat(HuggingFaceExport.write(target, pruned)).anyMatch(n -> n.contains("zeros"));
    Model read = ModelImport.read(target).model();
    assertThat(read.parameters().shape("ernie.encoder.layers.0.self_attn.q_proj.weight"))
        .containsExactly(32, 32);
    assertThat(hidden(read)).containsExactly(hidden(pruned), within(1e-6f));
  }

  private static float[] hidden(Model model) {
    Encoder encoder = Encoder.of(model.config(), model.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(new int[] {1, 7, 9, 30, 2}), states);
    return Arrays.copyOf(states.hidden(), 5 * model.config().hiddenSize());
  }

  @Test
  void bundledInt8ModelGivesSameAnswersAsFloats() throws IOException {
    Path target = folder.resolve("slu");
    List<String> notes = HuggingFaceExport.write(target, JointSlu.bundledModel());
    assertThat(notes).anyMatch(n -> n.contains("codes were turned into the floats"));
    Model read = ModelImport.read(target).model();
    assertThat(read.task()).isEqualTo(Task.JOINT_INTENT_SLOTS.id());
    assertThat(read.labels()).isEqualTo(JointSlu.bundledModel().labels());
    String text = "来一首周华健的花心";
    JointSlu.Result result = JointSlu.of(read).parse(text);
    JointSlu.Result expected = JointSlu.bundled().parse(text);
    assertThat(result.intent()).isEqualTo(expected.intent());
    assertThat(result.slots())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("probability")
        .isEqualTo(expected.slots());
  }
}

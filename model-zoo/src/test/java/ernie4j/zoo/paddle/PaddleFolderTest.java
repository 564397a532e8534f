package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PaddleFolderTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 2, 3, 24, 8);

  @TempDir Path folder;

  static void assertSame(ParameterSource actual, ParameterSource expected) {
    assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
    for (String name : expected.names()) {
      assertThat(actual.get(name).toArray()).as(name).isEqualTo(expected.get(name).toArray());
    }
  }

  @Test
  void folderSurvivesARoundTrip() throws Exception {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleFolder.write(model, folder.resolve("new"));
    ModelImport.Imported read = ModelImport.read(folder.resolve("new"));
    assertThat(read.model().config()).isEqualTo(CONFIG);
    assertThat(read.model().task()).isEqualTo(model.task());
    assertThat(read.model().vocabulary()).isEqualTo(model.vocabulary());
    assertThat(read.model().labels()).isEqualTo(model.labels());
    assertThat(read.model().tokenizerOptions()).isEqualTo(model.tokenizerOptions());
    assertSame(read.model().parameters(), model.parameters());
    assertThat(read.notes()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyTaskKeepsItsLabelsAndOptions(Task task) throws Exception {
    Model model = RandomModels.of(CONFIG, task);
    PaddleFolder.write(model, folder.resolve("parameters"));
    PaddleFolder.writeInference(model, folder.resolve("inference"));
    PaddleFolder.writeInference(model, folder.resolve("no-info"));
    Files.delete(folder.resolve("no-info/model.pdiparams.info"));
    for (String form : new String[] {"parameters", "inference", "no-info"}) {
      ModelImport.Imported read = ModelImport.read(folder.resolve(form));
      assertThat(read.model().task()).isEqualTo(task.id());
      assertThat(read.model().labels()).isEqualTo(model.labels());
      assertThat(read.model().options()).isEqualTo(model.options());
      assertSame(read.model().parameters(), model.parameters());
      assertThat(read.notes()).isEmpty();
    }
  }

  @Test
  void inferenceModelIsReadWithAndWithoutItsInfoFile() throws Exception {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleInference.write(model, folder.resolve("joint.pdmodel"));
    assertSame(ModelImport.read(folder).model().parameters(), model.parameters());
    Files.delete(folder.resolve("joint.pdiparams.info"));
    ModelImport.Imported read = ModelImport.read(folder.resolve("joint.pdmodel"));
    assertThat(read.model().config()).isEqualTo(CONFIG);
    assertThat(read.model().task()).isEqualTo(Task.JOINT_INTENT_SLOTS.id());
    assertSame(read.model().parameters(), model.parameters());
  }

  /** A program does not tell more tasks apart; a single output is not a class. */
  @ParameterizedTest
  @CsvSource({
    "encoder, encoder",
    "sequence-classification, sequence-classification",
    "multi-label-classification, sequence-classification",
    "scoring, scoring",
    "multiple-choice, scoring",
    "token-classification, token-classification",
    "question-answering, token-classification",
    "masked-lm, masked-lm",
    "joint-intent-slots, joint-intent-slots",
    "information-extraction, information-extraction"
  })
  void taskFollowsFromTheProgramAlone(String written, String read) throws Exception {
    Model model = RandomModels.of(CONFIG, Task.of(written));
    Path program = folder.resolve("m.pdmodel");
    PaddleInference.write(model, program);
    Files.delete(folder.resolve("m.pdiparams.info"));
    Model alone = ModelImport.read(program).model();
    assertThat(alone.task()).isEqualTo(read);
    assertSame(alone.parameters(), model.parameters());
  }

  @Test
  void aProgramWithoutAPoolerIsAnEncoder() throws Exception {
    ParameterStore body = RandomModels.parameters(CONFIG, 5);
    body.remove("ernie.pooler.dense.weight");
    body.remove("ernie.pooler.dense.bias");
    Path program = folder.resolve("m.pdmodel");
    PaddleInference.write(Model.encoder(CONFIG, body), program);
    Files.delete(folder.resolve("m.pdiparams.info"));
    assertThat(ModelImport.read(program).model().task()).isEqualTo(Task.ENCODER.id());
    assertSame(ModelImport.read(program).model().parameters(), body);
  }

  /**
   * Reads a model whose classifier has {@code outputs} outputs and which {@code file} describes.
   */
  private ModelImport.Imported readClassifier(int outputs, String file, String content)
      throws IOException {
    ParameterStore store = RandomModels.parameters(CONFIG, 5);
    RandomModels.head(store, new Random(6), HeadNames.CLASSIFIER, 12, outputs);
    PaddleFolder.write(Model.encoder(CONFIG, store), folder);
    Files.delete(folder.resolve("config.json"));
    Files.deleteIfExists(folder.resolve("model_config.json"));
    Files.writeString(folder.resolve(file), content);
    return ModelImport.read(folder);
  }

  @Test
  void taskFollowsFromOutputsAndProblemType() throws Exception {
    String config =
        "{\"num_attention_heads\": 3, \"architectures\": [\"ErnieForSequenceClassification\"]%s}";
    assertThat(readClassifier(1, "config.json", config.formatted("")).model().task())
        .isEqualTo(Task.SCORING.id());
    assertThat(
            readClassifier(1, "config.json", config.formatted(", \"num_classes\": 1"))
                .model()
                .task())
        .isEqualTo(Task.SCORING.id());
    assertThat(readClassifier(2, "config.json", config.formatted("")).model().task())
        .isEqualTo(Task.SEQUENCE_CLASSIFICATION.id());
    String several = ", \"problem_type\": \"multi_label_classification\"";
    assertThat(readClassifier(2, "config.json", config.formatted(several)).model().task())
        .isEqualTo(Task.MULTI_LABEL_CLASSIFICATION.id());
    assertThatThrownBy(
            () -> readClassifier(2, "config.json", config.formatted(", \"num_labels\": 1")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(
            "num_labels: expected 2, as many as the layer 'classifier' has outputs, got 1");
    String old =
        """
        {"init_args": [{"num_attention_heads": 3, "init_class": "ErnieModel"}], "num_classes": 1,
         "init_class": "ErnieForSequenceClassification"}""";
    assertThat(readClassifier(1, "model_config.json", old).model().task())
        .isEqualTo(Task.SCORING.id());
    assertThatThrownBy(() -> readClassifier(2, "model_config.json", old))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("num_classes: expected 2");
  }

  @Test
  void multipleChoiceWithOneOutputIsNotAScore() throws Exception {
    String config =
        "{\"num_attention_heads\": 3, \"architectures\": [\"ErnieForMultipleChoice\"], \"num_labels\": 2, \"num_choices\": 4}";
    assertThat(readClassifier(1, "config.json", config).model().task())
        .isEqualTo(Task.MULTIPLE_CHOICE.id());
    assertThatThrownBy(() -> readClassifier(2, "config.json", config))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(
            "expected 1 as the number of outputs of the layer 'classifier' for the task multiple-choice, got 2");
  }

  @Test
  void classifierOfUnknownUseGivesANote() throws Exception {
    ModelImport.Imported read = readClassifier(2, "config.json", "{\"num_attention_heads\": 3}");
    assertThat(read.model().task()).isEqualTo(Task.ENCODER.id());
    assertThat(read.notes()).anyMatch(note -> note.contains("what it classifies"));
  }

  @Test
  void readsTheOtherConfigurationValues() throws Exception {
    EncoderConfig bert =
        EncoderConfig.ernie(20, 12, 2, 3, 24, 8).toBuilder()
            .tokenTypes(2)
            .taskTypes(3)
            .layerNormEpsilon(1e-5f)
            .zeroPaddingEmbedding(false)
            .build();
    Model model = Model.encoder(bert, RandomModels.parameters(bert, 3));
    PaddleInference.write(model, folder.resolve("bert.pdmodel"));
    assertThat(ModelImport.read(folder.resolve("bert.pdmodel")).model().config()).isEqualTo(bert);
  }

  @Test
  void missingVocabularyGivesANoteAndOldConfigurationsAreRead() throws Exception {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleFolder.write(model, folder);
    Files.delete(folder.resolve("vocab.txt"));
    Files.delete(folder.resolve("config.json"));
    Files.writeString(
        folder.resolve("model_config.json"),
        """
        {"init_args": [{"num_attention_heads": 6, "hidden_size": 12, "init_class": "ErnieModel"}],
         "init_class": "ErnieForSequenceClassification"}""");
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().config().attentionHeads()).isEqualTo(6);
    assertThat(read.model().vocabulary()).isEmpty();
    assertThat(read.notes()).singleElement().asString().contains("no vocab.txt");
  }

  @Test
  void labelsThatDoNotFitAreLeftOutWithANote() throws Exception {
    ParameterStore store = RandomModels.parameters(CONFIG, 5);
    RandomModels.head(store, new Random(6), HeadNames.CLASSIFIER, 12, 2);
    PaddleFolder.write(
        Model.encoder(CONFIG, store)
            .withTask(
                Task.SEQUENCE_CLASSIFICATION.id(), Map.of(Task.LABEL, List.of("a", "b", "c"))),
        folder);
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().labels()).isEmpty();
    assertThat(read.notes()).anyMatch(note -> note.contains("names 3 labels"));
  }

  @Test
  void kindFollowsFromContentNotName() throws Exception {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleFolder.write(model, folder);
    Path renamed = folder.resolve("weights.onnx");
    Files.move(folder.resolve("model_state.pdparams"), renamed);
    assertSame(ModelImport.read(renamed).model().parameters(), model.parameters());
    Path text = Files.writeString(folder.resolve("x.pdparams"), "just some text");
    assertThatThrownBy(() -> ModelImport.read(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected parameters of Paddle");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("other", Tensor.zeros(2));
    writer.write(folder.resolve("other.safetensors"));
    assertThatThrownBy(() -> ModelImport.read(folder.resolve("other.safetensors")))
        .hasMessageContaining("not the parameters of one ERNIE encoder");
  }

  @Test
  void refusesParametersOrProgramAlone() throws Exception {
    PaddleInference.write(RandomModels.joint(CONFIG, 3, 5), folder.resolve("m.pdmodel"));
    assertThatThrownBy(() -> ModelImport.read(folder.resolve("m.pdiparams")))
        .hasMessageContaining("name the .pdmodel file");
    Files.delete(folder.resolve("m.pdiparams"));
    assertThatThrownBy(() -> ModelImport.read(folder.resolve("m.pdmodel")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("m.pdiparams");
  }

  @Test
  void usesErnieOptionsWithoutATokenizerConfiguration() throws Exception {
    PaddleFolder.write(RandomModels.joint(CONFIG, 3, 5), folder);
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.delete(folder.resolve("added_tokens.json"));
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().tokenizerOptions()).isEqualTo(TokenizerOptions.ernie().toMap());
    assertThat(read.notes()).singleElement().asString().contains("tokenizer_config.json");
  }
}

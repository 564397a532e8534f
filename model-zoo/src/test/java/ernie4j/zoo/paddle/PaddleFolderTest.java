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
  void whatIsWrittenAsAFolderIsRead() throws Exception {
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

  @Test
  void keepsWhatAClassifierClassifiesAndItsLabels() throws Exception {
    for (String task :
        new String[] {
          Task.SEQUENCE_CLASSIFICATION.id(),
          Task.TOKEN_CLASSIFICATION.id(),
          Task.QUESTION_ANSWERING.id()
        }) {
      ParameterStore store = RandomModels.parameters(CONFIG, 5);
      RandomModels.head(store, new Random(6), HeadNames.CLASSIFIER, 12, 2);
      Map<String, List<String>> labels =
          task.equals(Task.QUESTION_ANSWERING.id())
              ? Map.of()
              : Map.of(Task.LABEL, List.of("no", "yes"));
      PaddleFolder.write(Model.encoder(CONFIG, store).withTask(task, labels), folder);
      ModelImport.Imported read = ModelImport.read(folder);
      assertThat(read.model().task()).isEqualTo(task);
      assertThat(read.model().labels()).isEqualTo(labels);
      assertSame(read.model().parameters(), store);
    }
  }

  @Test
  void whatIsWrittenAsAnInferenceModelIsReadWithAndWithoutItsInfoFile() throws Exception {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleInference.write(model, folder.resolve("joint.pdmodel"));
    assertSame(ModelImport.read(folder).model().parameters(), model.parameters());
    Files.delete(folder.resolve("joint.pdiparams.info"));
    ModelImport.Imported read = ModelImport.read(folder.resolve("joint.pdmodel"));
    assertThat(read.model().config()).isEqualTo(CONFIG);
    assertThat(read.model().task()).isEqualTo(Task.JOINT_INTENT_SLOTS.id());
    assertSame(read.model().parameters(), model.parameters());
  }

  @Test
  void readsEveryHeadOfAnInferenceModel() throws Exception {
    ParameterStore store = RandomModels.parameters(CONFIG, 5);
    Random random = new Random(6);
    RandomModels.head(store, random, HeadNames.MLM_TRANSFORM, 12, 12);
    RandomModels.put(store, random, HeadNames.MLM_NORM + ".weight", new int[] {12});
    RandomModels.put(store, random, HeadNames.MLM_NORM + ".bias", new int[] {12});
    RandomModels.put(store, random, HeadNames.MLM_DECODER_BIAS, new int[] {20});
    assertReadWithoutInfo(store, Task.MASKED_LM.id());
    for (String task :
        new String[] {Task.SEQUENCE_CLASSIFICATION.id(), Task.TOKEN_CLASSIFICATION.id()}) {
      ParameterStore classifier = RandomModels.parameters(CONFIG, 5);
      RandomModels.head(classifier, random, HeadNames.CLASSIFIER, 12, 4);
      assertReadWithoutInfo(classifier, task);
    }
    ParameterStore body = RandomModels.parameters(CONFIG, 5);
    body.remove("ernie.pooler.dense.weight");
    body.remove("ernie.pooler.dense.bias");
    assertReadWithoutInfo(body, Task.ENCODER.id());
  }

  private void assertReadWithoutInfo(ParameterStore store, String task) throws IOException {
    Path program = folder.resolve("m.pdmodel");
    PaddleInference.write(Model.encoder(CONFIG, store).withTask(task, Map.of()), program);
    Files.delete(folder.resolve("m.pdiparams.info"));
    ModelImport.Imported read = ModelImport.read(program);
    assertThat(read.model().task()).isEqualTo(task);
    assertSame(read.model().parameters(), store);
  }

  @Test
  void readsTheOtherConfigurationValues() throws Exception {
    EncoderConfig bert = new EncoderConfig(20, 12, 2, 3, 4, 24, 8, 2, 3, 1e-5f, 0, false);
    Model model = Model.encoder(bert, RandomModels.parameters(bert, 3));
    PaddleInference.write(model, folder.resolve("bert.pdmodel"));
    assertThat(ModelImport.read(folder.resolve("bert.pdmodel")).model().config()).isEqualTo(bert);
  }

  @Test
  void aMissingVocabularyIsANoteAndOldConfigurationsAreRead() throws Exception {
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
  void contentDecidesNotTheName() throws Exception {
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
  void parametersAloneLeadToTheirProgram() throws Exception {
    PaddleInference.write(RandomModels.joint(CONFIG, 3, 5), folder.resolve("m.pdmodel"));
    assertThatThrownBy(() -> ModelImport.read(folder.resolve("m.pdiparams")))
        .hasMessageContaining("name the .pdmodel file");
    Files.delete(folder.resolve("m.pdiparams"));
    assertThatThrownBy(() -> ModelImport.read(folder.resolve("m.pdmodel")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("m.pdiparams");
  }

  @Test
  void withoutATokenizerConfigurationErniesOptionsAreTaken() throws Exception {
    PaddleFolder.write(RandomModels.joint(CONFIG, 3, 5), folder);
    Files.delete(folder.resolve("tokenizer_config.json"));
    Files.delete(folder.resolve("added_tokens.json"));
    ModelImport.Imported read = ModelImport.read(folder);
    assertThat(read.model().tokenizerOptions()).isEqualTo(TokenizerOptions.ernie().toMap());
    assertThat(read.notes()).singleElement().asString().contains("tokenizer_config.json");
  }
}

package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.TextScorer;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.paddle.RandomModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text classifiers as a config.json of Hugging Face describes them. */
class HuggingFaceHeadsTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 2, 3, 24, 8);

  @TempDir Path temporary;

  /**
   * Reads a folder whose classifier has {@code outputs} outputs and whose config.json says only
   * what it must.
   */
  private ModelImport.Imported read(int outputs, Consumer<ObjectNode> change) throws IOException {
    Model model = RandomModels.of(CONFIG, Task.SEQUENCE_CLASSIFICATION);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    store.replace("classifier.weight", Tensor.zeros(12, outputs));
    store.replace("classifier.bias", Tensor.zeros(outputs));
    Path folder = temporary.resolve("m");
    FlatFolder.deleteIfThere(folder);
    HuggingFaceExport.write(folder, model.withParameters(CONFIG, store));
    Path file = folder.resolve("config.json");
    ObjectNode config = (ObjectNode) new ObjectMapper().readTree(file.toFile());
    config.remove(List.of("problem_type", "id2label", "label2id"));
    change.accept(config);
    Files.writeString(file, config.toString());
    return ModelImport.read(folder);
  }

  private Model read(int outputs, String json) throws IOException {
    JsonNode more = new ObjectMapper().readTree(json);
    return read(outputs, config -> config.setAll((ObjectNode) more)).model();
  }

  private void assertRefused(int outputs, String json, String why) {
    assertThatThrownBy(() -> read(outputs, json))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }

  private static final String THREE = "\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}";

  @Test
  void problemTypeDeterminesTheTask() throws IOException {
    Model several =
        read(3, "{\"problem_type\": \"multi_label_classification\", %s}".formatted(THREE));
    assertThat(several.task()).isEqualTo(Task.MULTI_LABEL_CLASSIFICATION.id());
    assertThat(several.labels()).isEqualTo(Map.of(Task.LABEL, List.of("a", "b", "c")));
    Model one = read(3, "{\"problem_type\": \"single_label_classification\", %s}".formatted(THREE));
    assertThat(one.task()).isEqualTo(Task.SEQUENCE_CLASSIFICATION.id());
    assertThat(one.labels()).isEqualTo(several.labels());
    assertThat(read(3, "{\"problem_type\": null, %s}".formatted(THREE)).task())
        .isEqualTo(Task.SEQUENCE_CLASSIFICATION.id());
    // A single label that applies or not.
    Model single =
        read(
            1,
            "{\"problem_type\": \"multi_label_classification\", \"id2label\": {\"0\": \"spam\"}}");
    assertThat(single.task()).isEqualTo(Task.MULTI_LABEL_CLASSIFICATION.id());
    assertThat(single.labels()).isEqualTo(Map.of(Task.LABEL, List.of("spam")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{\"problem_type\": \"regression\"}",
        "{\"num_labels\": 1}",
        "{\"id2label\": {\"0\": \"LABEL_0\"}, \"label2id\": {\"LABEL_0\": 0}}"
      })
  void oneOutputIsAScoreWithoutLabels(String json) throws IOException {
    Model model = read(1, json);
    assertThat(model.task()).isEqualTo(Task.SCORING.id());
    assertThat(model.labels()).isEmpty();
    assertThat(model.options()).isEmpty();
    assertThat(TextScorer.of(model).score("中").value()).isZero();
  }

  @Test
  void refusesConfigurationsThatContradictTheWeights() {
    assertRefused(
        3,
        "{\"problem_type\": \"regression\"}",
        "problem_type regression: expected 1 as the number of outputs of the layer 'classifier' for the task scoring, got 3");
    assertRefused(3, "{\"num_labels\": 1}", "num_labels: expected 3");
    assertRefused(1, "{%s}".formatted(THREE), "id2label has 3 names, but the classifier 1 outputs");
    assertRefused(
        3,
        "{\"problem_type\": \"ranking\"}",
        "problem_type: expected one of [single_label_classification, multi_label_classification, regression], got 'ranking'");
    assertRefused(3, "{\"ernie4j\": {\"task\": \"cooking\"}}", "the task 'cooking' is unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "torch.nn.modules.activation.Sigmoid, sigmoid",
    "torch.nn.modules.linear.Identity, identity",
  })
  void readsTheScoreActivationOfSentenceTransformers(String className, String option)
      throws IOException {
    for (Consumer<ObjectNode> change :
        List.<Consumer<ObjectNode>>of(
            config -> config.putObject("sentence_transformers").put("activation_fn", className),
            config -> config.put("sbert_ce_default_activation_function", className))) {
      ModelImport.Imported read = read(1, change);
      assertThat(read.model().options()).isEqualTo(Map.of(HeadOptions.ACTIVATION, option));
      assertThat(read.notes()).isEmpty();
      assertThat(TextScorer.of(read.model()).score("中").value())
          .isEqualTo(option.equals(HeadOptions.SIGMOID) ? 0.5 : 0);
      assertThat(read(2, change).model().options()).doesNotContainKey(HeadOptions.ACTIVATION);
    }
  }

  @Test
  void unknownActivationGivesANoteAboutSigmoid() throws IOException {
    assertThat(read(1, config -> {}).notes())
        .singleElement()
        .asString()
        .contains("does not say which function is applied to scores")
        .contains("TextScorer.withSigmoid(true)");
    assertThat(
            read(
                    1,
                    config ->
                        config.put(
                            "sbert_ce_default_activation_function", "torch.nn.modules.LogSigmoid"))
                .notes())
        .singleElement()
        .asString()
        .contains("config.json applies torch.nn.modules.LogSigmoid to scores");
  }

  @Test
  void multipleChoiceWithOneOutputIsNotAScore() throws IOException {
    assertThat(
            read(1, "{\"architectures\": [\"ErnieForMultipleChoice\"], \"num_labels\": 2}").task())
        .isEqualTo(Task.MULTIPLE_CHOICE.id());
  }

  @Test
  void missingHeadLeavesTheEncoder() throws IOException {
    ModelImport.Imported read =
        read(2, config -> config.putArray("architectures").add("ErnieForMaskedLM"));
    assertThat(read.model().task()).isEqualTo(Task.ENCODER.id());
    assertThat(read.notes())
        .contains(
            "config.json names a head of the layers [cls.predictions.transform], which could not be read; only the encoder can be used.");
  }

  /** From a public report: such a model was read as a single-label classifier. */
  @Test
  void readsTheConfigurationOfAReport() throws IOException {
    Path file = Golden.data("../cases/12-multi-label/config-part.json");
    Assumptions.assumeTrue(Files.isRegularFile(file), "skipped: there is no " + file);
    Model model = read(3, Files.readString(file));
    assertThat(model.task()).isEqualTo(Task.MULTI_LABEL_CLASSIFICATION.id());
    assertThat(model.labels()).isEqualTo(Map.of(Task.LABEL, List.of("财经", "体育", "娱乐")));
  }
}

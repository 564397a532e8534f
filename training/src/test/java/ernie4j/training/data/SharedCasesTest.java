package ernie4j.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.zoo.ModelExport;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of public reports, next to the golden ones: read, or refused with a clear message. */
class SharedCasesTest {
  private static Path file(String name) {
    Path cases = Path.of(System.getProperty("ernie4j.golden", "golden")).resolveSibling("cases");
    Path file = cases.resolve(name);
    assumeTrue(Files.exists(file), () -> "skipped: there is no " + file);
    return file;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08-tag-json-labels-ignored/cluener.json",
        "08-tag-json-labels-ignored/doccano.jsonl",
        "09-tag-schemes/bmes.bio",
        "09-tag-schemes/waybill.txt"
      })
  void everyTagFormatGivesTheSameSpans(String name) throws IOException {
    List<TaggedExample> examples = TagFiles.read(file(name));
    assertThat(examples.get(0).spans()).hasToString("[LabelledSpan[type=LOC, start=1, end=3]]");
    assertThat(examples.get(1).spans()).hasToString("[LabelledSpan[type=PER, start=0, end=2]]");
    assertThat(examples).allSatisfy(example -> assertThat(example.spans()).isNotEmpty());
  }

  @Test
  void misspelledFieldIsNamed() {
    Path typo = file("08-tag-json-labels-ignored/typo.jsonl");
    assertThatThrownBy(() -> TagFiles.read(typo))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("got 'entites'");
  }

  @Test
  void byteOrderMarkIsSkippedAndGbkIsRefused() throws IOException {
    assertThat(Utf8Text.read(file("18-input-bom-and-gbk/bom.txt"))).startsWith("今天天气");
    Path gbk = file("18-input-bom-and-gbk/gbk2.txt");
    assertThatThrownBy(() -> Utf8Text.read(gbk))
        .hasMessageContaining("line 1: expected UTF-8 text")
        .hasMessageContaining("GBK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/inference.json", "/inference.pdiparams"})
  void paddle3ModelIsRefusedWithAnAlternative(String name) {
    Path source = file("16-paddle3-pir" + name);
    assertThatThrownBy(() -> ModelImport.read(source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Paddle 3 (PIR)")
        .hasMessageContaining("model_state.pdparams");
  }

  @Test
  void charactersUnknownToOldJvmsAreUnknownWords() throws IOException {
    Vocabulary words =
        Vocabulary.of(
            List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "好", "开", "心", "无", "语", "了"));
    Tokenizer tokenizer = new ErnieTokenizer(words, TokenizerOptions.bert(true));
    assertThat(Utf8Text.read(file("01-jdk17-drops-new-characters/input.txt")).lines())
        .map(line -> String.join(" ", tokenizer.tokenize(line)))
        .containsExactly("好 开 心 [UNK]", "[UNK] 无 语 了", "[UNK]");
  }

  @Test
  void textsWithSeveralLabels() throws IOException {
    Path lines = file("12-multi-label/c_listlabel.jsonl");
    Path table = file("12-multi-label/c_multi.txt");
    List<MultiLabelExample> examples = MultiLabelFiles.read(lines, null);
    assertThat(examples.get(0))
        .isEqualTo(new MultiLabelExample("物流很快，质量很好", null, List.of("好评", "物流")));
    assertThat(MultiLabelFiles.read(table, new TableFile.Columns("1", null, "2", false)))
        .isEqualTo(examples);
    assertThatThrownBy(() -> TextFiles.read(lines, null))
        .hasMessageContaining("line 1: expected one label")
        .hasMessageContaining("multi-label classification");
  }

  /** A copy of the golden model b, whose hidden size is 26. */
  private static void copyGolden(Path folder) throws IOException {
    Path golden = Golden.path("formats").resolve("b.hf");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(golden.resolve(name), folder.resolve(name));
    }
  }

  @Test
  void multiLabelTaskIsReadFromTheConfiguration(@TempDir Path folder) throws IOException {
    EncoderConfig config = GoldenModel.config("a.json");
    ParameterStore parameters = GoldenModel.parameters("a.safetensors");
    parameters.put("classifier.weight", Tensor.zeros(config.hiddenSize(), 3));
    parameters.put("classifier.bias", Tensor.of(new float[] {5.34f, 6.69f, 0.65f}, 3));
    Model model =
        Model.encoder(config, parameters)
            .withTask(Task.SEQUENCE_CLASSIFICATION, Map.of(Task.LABEL, List.of("a", "b", "c")));
    Path target = folder.resolve("m");
    ModelExport.write(model, ModelExport.Format.HUGGINGFACE, target);
    ObjectMapper json = new ObjectMapper();
    Path file = target.resolve("config.json");
    ObjectNode whole = (ObjectNode) json.readTree(file.toFile());
    whole.remove(List.of("problem_type", "label2id", "ernie4j"));
    whole.setAll((ObjectNode) json.readTree(file("12-multi-label/config-part.json").toFile()));
    Files.writeString(file, whole.toString());
    Model read = ModelImport.read(target).model();
    assertThat(read.task()).isEqualTo(Task.MULTI_LABEL_CLASSIFICATION.id());
    assertThat(read.labels()).isEqualTo(Map.of(Task.LABEL, List.of("财经", "体育", "娱乐")));
  }

  @Test
  void poolingAndDenseLayerOfAFolderAreNotIgnored(@TempDir Path folder) throws IOException {
    copyGolden(folder);
    Path pooling = Files.createDirectories(folder.resolve("1_Pooling")).resolve("config.json");
    String mean = Files.readString(file("03-pooling-ignored/1_Pooling/config.json"));
    Files.writeString(pooling, mean);
    assertThatThrownBy(() -> ModelImport.read(folder))
        .hasMessageContaining("expected the hidden size 26, got 384");
    Files.writeString(pooling, mean.replace("384", "26"));
    assertThat(ModelImport.read(folder).model().options()).containsEntry("pooling", "mean");
    Path dense = file("04-dense-module-ignored");
    Files.copy(dense.resolve("modules.json"), folder.resolve("modules.json"));
    Files.createDirectories(folder.resolve("2_Dense"));
    Files.copy(dense.resolve("2_Dense/config.json"), folder.resolve("2_Dense/config.json"));
    assertThatThrownBy(() -> ModelImport.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2_Dense");
  }

  @Test
  void tokenizerWithoutATypeIsRead(@TempDir Path folder) throws IOException {
    copyGolden(folder);
    Path tokenizer = file("05-tokenizer-json-without-model-type/tokenizer.json");
    Files.copy(tokenizer, folder.resolve("tokenizer.json"));
    assertThat(ModelImport.read(folder).model().vocabulary())
        .startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]");
  }
}

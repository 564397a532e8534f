package ernie4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.file.SafetensorsWriter;
import ernie4j.engine.head.Task;
import ernie4j.zoo.onnx.ExportRoundTripTest;
import ernie4j.zoo.onnx.OnnxExport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders as others publish them. */
class FolderLayoutsTest {
  private static final String TOKENIZER =
      """
      {"normalizer": {"type": "BertNormalizer", "lowercase": true, "strip_accents": null,
         "handle_chinese_chars": true},
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "model": {"unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4}}}
      """;

  @TempDir Path folder;

  private static Model classifier() throws IOException {
    ParameterStore store = GoldenModel.parameters("a.safetensors");
    int hidden = GoldenModel.config("a.json").hiddenSize();
    if (!store.contains("ernie.pooler.dense.weight")) {
      store.put("ernie.pooler.dense.weight", Tensor.zeros(hidden, hidden));
      store.put("ernie.pooler.dense.bias", Tensor.zeros(hidden));
    }
    Tensor weight = Tensor.zeros(hidden, 3);
    weight.data()[4] = 9;
    store.put("classifier.weight", weight);
    store.put("classifier.bias", Tensor.of(new float[] {1, 2, 3}, 3));
    return Model.encoder(GoldenModel.config("a.json"), store)
        .withTask(Task.SEQUENCE_CLASSIFICATION, Map.of("label", List.of("a", "b", "c")));
  }

  /** An ONNX file without the metadata that our exports add (field 14). */
  private Path foreignOnnx(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    OnnxExport.write(file, classifier());
    byte[] bytes = Files.readAllBytes(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; ) {
      int start = at;
      int tag = bytes[at++];
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        int next = bytes[at++];
        value |= (long) (next & 127) << shift;
        if (next >= 0) {
          break;
        }
      }
      at += (tag & 7) == 2 ? (int) value : 0;
      if (tag >> 3 != 14) {
        out.write(bytes, start, at - start);
      }
    }
    Files.write(file, out.toByteArray());
    return file;
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(folder.resolve(file), content);
  }

  @Test
  void readsOnnxFilesBelowTheirTokenizer() throws IOException {
    Path file = foreignOnnx("onnx/model.onnx");
    Files.copy(file, folder.resolve("onnx/model_quantized.onnx"));
    write("tokenizer.json", TOKENIZER);
    for (Path source : List.of(folder, folder.resolve("onnx"), file)) {
      Model model = ModelImport.read(source).model();
      ExportRoundTripTest.assertSame(model.parameters(), classifier().parameters());
      assertThat(model.vocabulary()).hasSize(5);
    }
    Files.delete(file);
    assertThat(ModelImport.read(folder).model().vocabulary()).hasSize(5);
    Files.copy(folder.resolve("onnx/model_quantized.onnx"), folder.resolve("onnx/model_b.onnx"));
    assertThatThrownBy(() -> ModelImport.read(folder)).hasMessageContaining("got 2; name the file");
  }

  @Test
  void headOfAnOnnxClassifierIsFoundOrNamed() throws IOException {
    Path file = foreignOnnx("model.onnx");
    write("tokenizer.json", TOKENIZER);
    ModelImport.Imported plain = ModelImport.read(file);
    assertThat(plain.model().task()).isEqualTo("encoder");
    assertThat(plain.notes()).anyMatch(note -> note.contains("There is a classifier [classifier]"));

    String config =
        "{\"model_type\":\"bert\",\"architectures\":[\"BertForSequenceClassification\"],\"problem_type\":\"multi_label_classification\",\"id2label\":{\"0\":\"财经\",\"1\":\"体育\",\"2\":\"娱乐\"}}";
    write("config.json", config);
    Model model = ModelImport.read(file).model();
    assertThat(model.task()).isEqualTo("multi-label-classification");
    assertThat(model.labels()).isEqualTo(Map.of("label", List.of("财经", "体育", "娱乐")));
    assertThat(model.parameters().get("classifier.bias").toArray()).containsExactly(1, 2, 3);
    write("config.json", config.replace("\"bert\"", "\"xlm-roberta\""));
    assertThatThrownBy(() -> ModelImport.read(file)).hasMessageContaining("got 'xlm-roberta'");
  }

  @Test
  void taskOfAHeadCanBeGiven() throws IOException {
    Path file = foreignOnnx("model.onnx");
    write("tokenizer.json", TOKENIZER);
    ModelImport.Imported read = ModelImport.read(file, Task.TOKEN_CLASSIFICATION);
    assertThat(read.model().task()).isEqualTo("token-classification");
    assertThat(read.model().labels())
        .isEqualTo(Map.of("label", List.of("LABEL_0", "LABEL_1", "LABEL_2")));
    assertThat(read.notes()).noneMatch(note -> note.contains("There is a classifier"));
    assertThatThrownBy(() -> ModelImport.read(file, Task.SCORING))
        .hasMessageContaining("'classifier' has 3 outputs");
    assertThatThrownBy(() -> ModelImport.read(file, Task.MASKED_LM))
        .hasMessageContaining("found [classifier]");
  }

  private void huggingFace(UnaryOperator<String> names) throws IOException {
    Path golden = Golden.path("formats").resolve("b.hf");
    SafetensorsFile whole = SafetensorsFile.open(golden.resolve("model.safetensors"));
    SafetensorsWriter writer = new SafetensorsWriter();
    for (SafetensorsEntry entry : whole.entries()) {
      if (entry.type().name().equals("F32")) {
        writer.add(names.apply(entry.name()), whole.tensor(entry.name()));
      }
    }
    writer.write(folder.resolve("model.safetensors"));
    write("config.json", Files.readString(golden.resolve("config.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.", "0.auto_model.", "auto_model.", "module.0.auto_model."})
  void removesPrefixesOfWrappersFromNames(String prefix) throws IOException {
    huggingFace(name -> name);
    Model plain = ModelImport.read(folder).model();
    huggingFace(name -> prefix + name);
    Model read = ModelImport.read(folder).model();
    ExportRoundTripTest.assertSame(read.parameters(), plain.parameters());
    assertThat(read.task()).isEqualTo("masked-lm");
  }

  @Test
  void readsAPrunedTableIfTheVocabularyFits() throws IOException {
    huggingFace(name -> name);
    int words = ModelImport.read(folder).model().config().vocabularySize();
    String config = Files.readString(folder.resolve("config.json"));
    write("config.json", config.replaceFirst("\"vocab_size\": *\\d+", "\"vocab_size\": 9999"));
    assertThatThrownBy(() -> ModelImport.read(folder)).hasMessageContaining("vocab_size");
    write("vocab.txt", "[PAD]\n[CLS]\n[SEP]\n[MASK]\n[UNK]\n" + "x\n".repeat(words - 5));
    assertThat(ModelImport.read(folder).model().config().vocabularySize()).isEqualTo(words);
    assertThat(ModelImport.read(folder).notes()).anyMatch(note -> note.contains("a pruned model"));
  }

  @Test
  void epsilonComesFromTheFile() throws IOException {
    huggingFace(name -> name);
    assertThat(ModelImport.read(folder).model().config().layerNormEpsilon()).isEqualTo(1e-5f);
  }

  @Test
  void refusesInferenceModelsOfPaddle3ByName() throws IOException {
    write(
        "inference.json", "{\"base_code\": {\"magic\": \"pir\", \"version\": 4}, \"program\": {}}");
    Files.write(folder.resolve("inference.pdiparams"), new byte[42]);
    for (Path source :
        List.of(folder, folder.resolve("inference.json"), folder.resolve("inference.pdiparams"))) {
      assertThatThrownBy(() -> ModelImport.read(source))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Paddle 3 (PIR)")
          .hasMessageContaining("FLAGS_enable_pir_api=0");
    }
    Files.delete(folder.resolve("inference.json"));
    assertThatThrownBy(() -> ModelImport.read(folder)).hasMessageContaining("name the .pdmodel");
  }

  /** PaddleNLP 3: Paddle's names and layout in several safetensors files. */
  @Test
  void readsShardedSafetensorsOfPaddle() throws IOException {
    Model model = classifier();
    StringBuilder map = new StringBuilder();
    SafetensorsWriter[] shards = {new SafetensorsWriter(), new SafetensorsWriter()};
    int count = 0;
    for (String name : model.parameters().names()) {
      int shard = count++ % 2;
      shards[shard].add(name, model.parameters().get(name));
      map.append(map.isEmpty() ? "" : ", ")
          .append("\"%s\": \"model-%d.safetensors\"".formatted(name, shard));
    }
    for (int i = 0; i < 2; i++) {
      shards[i].write(folder.resolve("model-%d.safetensors".formatted(i)));
    }
    write("model.safetensors.index.json", "{\"weight_map\": {%s}}".formatted(map));
    int heads = model.config().attentionHeads();
    write("config.json", "{\"num_attention_heads\": %d}".formatted(heads));
    ExportRoundTripTest.assertSame(
        ModelImport.read(folder).model().parameters(), model.parameters());
  }

  /**
   * Published files of models that are not encoders; an inference model is given by its program.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "energy_model.pdparams",
        "luong_output_model.pdparams",
        "mnist_small.pdparams",
        "luong_inference.pdmodel",
        "ppocrv3_det.pdmodel"
      })
  void listsTensorsOfAnyModel(String name) throws IOException {
    List<ListedTensor> tensors = ModelImport.list(Golden.data("paddle-files").resolve(name));
    assertThat(tensors).isNotEmpty();
    assertThat(tensors).anyMatch(t -> t.type().equals("float32") && !t.shape().isEmpty());
  }
}

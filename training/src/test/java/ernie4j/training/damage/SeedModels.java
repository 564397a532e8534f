package ernie4j.training.damage;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.quant.ModelQuantizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.training.model.RandomParameters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A classifier of some characters with random weights, and the two files that only Python writes.
 */
final class SeedModels {
  private SeedModels() {}

  static Model model() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    "天地玄黄宇宙洪荒日月盈昃".codePoints().forEach(c -> tokens.add(Character.toString(c)));
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 12, 2, 3, 24, 10);
    ParameterStore store = RandomParameters.encoder(config, 5);
    new RandomParameters(7).kaimingLinear(store, HeadNames.CLASSIFIER, 12, 2);
    return new Model(
            config,
            "encoder",
            store,
            tokens,
            Map.of(),
            TokenizerOptions.ernie().toMap(),
            Map.of("source", "random"))
        .withTask(Task.SEQUENCE_CLASSIFICATION, Map.of(Task.LABEL, List.of("yes", "no")));
  }

  static Model int8() {
    Model model = model();
    return ModelQuantizer.embeddings(
        ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), Map.of()),
        EmbeddingQuantization.LOG);
  }

  /** The tokenizer of the model as Hugging Face's tokenizers write it. */
  static String tokenizerJson() {
    List<String> words = model().vocabulary();
    StringBuilder vocabulary = new StringBuilder();
    for (int i = 0; i < words.size(); i++) {
      vocabulary.append(i == 0 ? "" : ", ").append("\"%s\": %d".formatted(words.get(i), i));
    }
    return """
    {"added_tokens": [{"id": 4, "content": "[UNK]", "special": true}],
     "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
                    "strip_accents": null, "lowercase": true},
     "pre_tokenizer": {"type": "BertPreTokenizer"},
     "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
               "max_input_chars_per_word": 100, "vocab": {%s}}}
    """
        .formatted(vocabulary);
  }

  /** Pickles of protocol 2, as Python writes them. */
  private static final class Pickle {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Pickle text(String latin1) {
      bytes.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    Pickle number(int value) {
      bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
      return this;
    }

    Pickle string(String value) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      text("X").number(utf8.length);
      bytes.writeBytes(utf8);
      return this;
    }

    /** Bytes, which protocol 2 writes as text of Latin-1. */
    Pickle latin(byte[] value) {
      text("c_codecs\nencode\n");
      return string(new String(value, StandardCharsets.ISO_8859_1))
          .string("latin1")
          .text("\u0086R");
    }

    Pickle shape(List<Long> shape) {
      text("(");
      shape.forEach(size -> text("J").number(size.intValue()));
      return text("t");
    }
  }

  /** What {@code torch.save} writes for the tensors of a safetensors file. */
  static void torch(Path safetensors, Path pickle) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(safetensors);
    Pickle out = new Pickle().text("\u0080\u0002ccollections\nOrderedDict\n)R");
    for (SafetensorsEntry entry : file.entries()) {
      out.string(entry.name()).text("ctorch._utils\n_rebuild_tensor_v2\n((");
      out.string("storage").text("ctorch\nFloatStorage\n").string(entry.name()).string("cpu");
      out.text("J").number((int) elements(entry.shape())).text("tQJ").number(0);
      out.shape(entry.shape()).shape(strides(entry.shape()));
      out.text("\u0089ccollections\nOrderedDict\n)RtRs");
    }
    Files.write(pickle, out.text(".").bytes.toByteArray());
  }

  /** The zip file around such a pickle and the numbers. */
  static void torchZip(Path safetensors, Path pickle, Path zip) throws IOException {
    SafetensorsFile file = SafetensorsFile.open(safetensors);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      stored(out, "archive/data.pkl", Files.readAllBytes(pickle));
      for (SafetensorsEntry entry : file.entries()) {
        stored(out, "archive/data/" + entry.name(), bytes(file.floats(entry.name())));
      }
    }
  }

  /** A Paddle parameter file of protocol 2, whose arrays are numpy's. */
  static void numpy(Map<String, List<Long>> shapes, Path target) throws IOException {
    Pickle out = new Pickle().text("\u0080\u0002}");
    for (Map.Entry<String, List<Long>> array : shapes.entrySet()) {
      float[] zeros = new float[(int) elements(array.getValue())];
      out.string(array.getKey())
          .text("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085");
      out.latin(new byte[] {'b'}).text("\u0087R(K\u0001").shape(array.getValue());
      out.text("cnumpy\ndtype\n").string("f4").text("K\0K\u0001\u0087R(K\u0003").string("<");
      out.text("NNNJ").number(-1).text("J").number(-1).text("K\0tb\u0089");
      out.latin(bytes(zeros)).text("tbs");
    }
    Files.write(target, out.text(".").bytes.toByteArray());
  }

  private static void stored(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 sum = new CRC32();
    sum.update(content);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  private static List<Long> strides(List<Long> shape) {
    return shape.size() == 2 ? List.of(shape.get(1), 1L) : List.of(1L);
  }
}

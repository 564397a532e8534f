package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.Task;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.protobuf.WireReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BertOnnxImporterTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FUSED")
  void findsEveryLayerInAllExportStyles(TinyExport.Style style) throws Exception {
    ImportedEncoder imported =
        BertOnnxImporter.read("tiny", TinyExport.write(style, true)).encoder();

    assertThat(imported.config())
        .isEqualTo(
            EncoderConfig.ernie(7, 4, 2, 2, 6, 5).toBuilder()
                .tokenTypes(2)
                .zeroPaddingEmbedding(false)
                .build());
    assertThat(imported.parameters().size()).isEqualTo(5 + 2 * 16 + 2);
    assertThat(imported.missing()).isEmpty();
    assertThat(imported.ignored())
        .allMatch(name -> name.contains("position_ids") || name.endsWith("_zero_point"));
    assertThat(Encoder.of(imported.config(), imported.parameters()).config().layers()).isEqualTo(2);
  }

  @Test
  void keepsSymmetricCodesAndDecodesOthers() throws Exception {
    ParameterStore floats = read(TinyExport.Style.MODULE_PATHS).parameters();
    ImportedEncoder int8 = read(TinyExport.Style.INT8);
    ImportedEncoder uint8 = read(TinyExport.Style.UINT8);
    assertThat(int8.notes()).isEmpty();
    assertThat(uint8.notes()).singleElement().asString().contains("not symmetric around 0");
    for (String module :
        List.of("ernie.embeddings.word_embeddings", "ernie.encoder.layers.1.linear1")) {
      String name = module + ".weight";
      assertThat(int8.parameters().isInt8(name)).isTrue();
      assertThat(uint8.parameters().isInt8(name)).isFalse();
      Int8Weight weight = (Int8Weight) int8.parameters().weight(name);
      float[] scales = weight.scales();
      assertThat(scales).hasSize(floats.shape(name)[module.contains("word") ? 0 : 1]);
      assertThat(scales[0] / 127).isEqualTo(TinyExport.STEP);
      byte[] codes = weight.codes();
      float[] decoded = uint8.parameters().get(name).toArray();
      for (int i = 0; i < codes.length; i++) {
        assertThat(decoded[i]).isEqualTo(codes[i] * TinyExport.STEP);
        assertThat(decoded[i]).isCloseTo(floats.get(name).get(i), within(0.0201f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FUSED", "NUMBERED"})
  void findsTheLayersOfAnExtractor(TinyExport.Style style) throws Exception {
    ImportedEncoder imported = BertOnnxImporter.read("tiny", TinyExport.extractor(style)).encoder();
    for (String layer : List.of("linear_start", "linear_end")) {
      assertThat(imported.parameters().shape(layer + ".weight")).containsExactly(4, 1);
      assertThat(imported.parameters().shape(layer + ".bias")).containsExactly(1);
    }
    assertThat(imported.parameters().get("linear_start.bias").get(0))
        .isNotEqualTo(imported.parameters().get("linear_end.bias").get(0));
    assertThat(imported.missing())
        .containsExactly("ernie.pooler.dense.weight", "ernie.pooler.dense.bias");
  }

  @Test
  void folderWithAnExtractorGraphIsAnExtractor(@TempDir Path folder) throws Exception {
    Files.write(folder.resolve("model.onnx"), TinyExport.extractor(TinyExport.Style.PADDLE));
    Files.write(
        folder.resolve("vocab.txt"), List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", "中"));
    assertThat(ModelImport.read(folder).model().task()).isEqualTo(Task.INFORMATION_EXTRACTION.id());
  }

  private static ImportedEncoder read(TinyExport.Style style) throws Exception {
    return BertOnnxImporter.read("tiny", TinyExport.write(style, true)).encoder();
  }

  @Test
  void transposesWeightsThatAreStoredAsOutByIn() throws Exception {
    // All styles draw the same random numbers in the same order.
    Tensor folded = weight(TinyExport.Style.NUMBERED, "ernie.encoder.layers.1.linear1.weight");
    for (TinyExport.Style style :
        new TinyExport.Style[] {TinyExport.Style.UNFOLDED, TinyExport.Style.GEMM}) {
      Tensor transposed = weight(style, "ernie.encoder.layers.1.linear1.weight");
      assertThat(transposed.shape()).containsExactly(4, 6);
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 6; j++) {
          assertThat(transposed.get(i * 6 + j)).isEqualTo(folded.get(j * 4 + i));
        }
      }
    }
  }

  private static Tensor weight(TinyExport.Style style, String name) throws Exception {
    return BertOnnxImporter.read("tiny", TinyExport.write(style, false))
        .encoder()
        .parameters()
        .get(name);
  }

  @Test
  void reportsAMissingPooler() throws Exception {
    ImportedEncoder imported =
        BertOnnxImporter.read("tiny", TinyExport.write(TinyExport.Style.MODULE_PATHS, false))
            .encoder();

    assertThat(imported.missing())
        .containsExactly("ernie.pooler.dense.weight", "ernie.pooler.dense.bias");
    assertThat(imported.parameters().contains("ernie.pooler.dense.weight")).isFalse();
  }

  @Test
  void saysWhichParameterIsMissing() {
    byte[] model = TinyExport.write(TinyExport.Style.MODULE_PATHS, false);
    byte[] renamed =
        new String(model, StandardCharsets.ISO_8859_1)
            .replace("embeddings.LayerNorm.bias", "embeddings.LayerNorm.tilt")
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> BertOnnxImporter.read("tiny.onnx", renamed))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("tiny.onnx")
        .hasMessageContaining("no parameter 'ernie.embeddings.layer_norm.bias'")
        .hasMessageContaining("embeddings.LayerNorm.tilt");
  }

  @Test
  void refusesAnotherActivation() {
    byte[] model = TinyExport.write(TinyExport.Style.MODULE_PATHS, false);
    byte[] changed =
        new String(model, StandardCharsets.ISO_8859_1)
            .replace("Erf", "Elu")
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> BertOnnxImporter.read("tiny.onnx", changed))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("expected the erf form of GELU");
  }

  @ParameterizedTest
  @EnumSource
  void readsNumbersInEveryEncoding(Encoding encoding) throws Exception {
    ProtoBytes tensor = new ProtoBytes().bytes(1, new byte[] {2, 1}).varint(2, 1).string(8, "t");
    encoding.write(tensor, 1.5f, -2f);
    OnnxTensor read =
        OnnxTensor.read(new WireReader("t", tensor.toByteArray()), ExternalFiles.none("t"));

    assertThat(read.shape()).containsExactly(2, 1);
    assertThat(read.floats()).containsExactly(1.5f, -2f);
  }

  enum Encoding {
    RAW,
    PACKED,
    SINGLE;

    void write(ProtoBytes tensor, float... values) {
      switch (this) {
        case RAW -> tensor.bytes(9, ProtoBytes.littleEndian(values));
        case PACKED -> tensor.bytes(4, ProtoBytes.littleEndian(values));
        case SINGLE -> {
          for (float value : values) {
            tensor.float32(4, value);
          }
        }
      }
    }
  }

  @Test
  void readsHalfFloats() throws Exception {
    String name = "ernie.encoder.layers.1.linear1.weight";
    float[] floats = weight(TinyExport.Style.MODULE_PATHS, name).toArray();
    for (TinyExport.Style style : List.of(TinyExport.Style.HALF, TinyExport.Style.HALF_STORED)) {
      assertThat(weight(style, name).toArray()).containsExactly(floats, within(4e-3f));
    }
    assertThat(read(TinyExport.Style.HALF).notes())
        .singleElement()
        .asString()
        .contains("half floats");
    assertThat(read(TinyExport.Style.HALF_STORED).notes()).isEmpty();
  }

  @Test
  void refusesOptimizedGraphsByName() {
    assertThatThrownBy(() -> read(TinyExport.Style.FUSED))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("after ONNX Runtime's optimization, with the operations [BiasGelu]")
        .hasMessageContaining("convert the file that was optimized");
  }
}

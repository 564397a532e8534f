package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
  private final Path folder;

  SafetensorsFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void goldenModelHasItsTensorsWithShapesAndValues() throws IOException {
    SafetensorsFile file = Golden.file("a.safetensors");

    assertThat(file.metadata()).containsExactly(entry("format", "pd"));
    EncoderConfig config = GoldenModel.config("a.json");
    Tensor words = file.tensor("ernie.embeddings.word_embeddings.weight");
    assertThat(words.shape()).containsExactly(config.vocabularySize(), config.hiddenSize());
    // Three tables, a norm, the pooler, and sixteen in every layer.
    assertThat(file.entries())
        .allSatisfy(entry -> assertThat(entry.type()).isEqualTo(DType.F32))
        .hasSize(7 + 16 * config.layers());
    for (SafetensorsEntry entry : file.entries()) {
      float[] values = file.floats(entry.name());
      assertThat((long) values.length).isEqualTo(entry.elementCount());
      for (float value : values) {
        assertThat(value).isBetween(-10f, 10f);
      }
    }
  }

  @Test
  void goldenExpectationsReadAsDoublesAndLongs() throws IOException {
    SafetensorsFile expected = Golden.file("a.expected.safetensors");

    long[] ids = expected.longs("base.input_ids");
    EncoderConfig config = GoldenModel.config("a.json");
    List<Long> shape = expected.entry("base.input_ids").shape();
    assertThat(shape).hasSize(2);
    assertThat((long) ids.length).isEqualTo(shape.get(0) * shape.get(1));
    assertThat(IntStream.of(expected.ints("base.input_ids")))
        .allMatch(id -> id >= 0 && id < config.vocabularySize());
    double[] pooled = expected.doubles("base.pooled");
    float[] rounded = expected.floats("base.pooled");
    assertThat((long) pooled.length).isEqualTo(shape.get(0) * config.hiddenSize());
    for (int i = 0; i < pooled.length; i++) {
      assertThat(pooled[i]).isBetween(-1.0, 1.0);
      assertThat(rounded[i]).isEqualTo((float) pooled[i]);
    }
  }

  @Test
  void packedGoldenFileIsUnpacked() throws IOException {
    assertThat(Golden.file("d.safetensors").tensor("ernie.embeddings.layer_norm.bias").shape())
        .containsExactly(GoldenModel.config("d.json").hiddenSize());
  }

  @Test
  void foreignTorchFileOpens() throws IOException {
    SafetensorsFile file = Golden.file("formats/b.hf/model.safetensors");
    EncoderConfig b = GoldenModel.config("b.json");
    assertThat(file.metadata()).containsEntry("format", "pt");
    assertThat(file.entry("ernie.embeddings.word_embeddings.weight").shape())
        .containsExactly((long) b.vocabularySize(), (long) b.hiddenSize());
  }

  @Test
  void everyFloatingTypeBecomesFloats() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 4 + 2 * 6 + 2).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putFloat(-2.5f);
    for (int half : new int[] {0x3c00, 0x8000, 0x0001, 0x7bff, 0xfc00, 0x03ff}) {
      data.putShort((short) half);
    }
    data.putShort((short) 0xc049);
    SafetensorsFile file =
        open(
            """
            {"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},
             "f":{"dtype":"F32","shape":[],"data_offsets":[8,12]},
             "h":{"dtype":"F16","shape":[2,3],"data_offsets":[12,24]},
             "b":{"dtype":"BF16","shape":[1,1],"data_offsets":[24,26]}}\
            """,
            data.array());

    assertThat(file.floats("d")).containsExactly(0.1f);
    assertThat(file.doubles("d")).containsExactly(0.1);
    assertThat(file.floats("f")).containsExactly(-2.5f);
    assertThat(file.tensor("f").rank()).isZero();
    assertThat(file.floats("h"))
        .containsExactly(1f, -0f, 0x1p-24f, 65504f, Float.NEGATIVE_INFINITY, 0x1p-14f - 0x1p-24f);
    assertThat(file.doubles("b")).containsExactly(-3.140625);
    assertThatThrownBy(() -> file.longs("f"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("raw.safetensors: tensor 'f' F32 []: expected one of");
  }

  @Test
  void everyIntegerTypeBecomesLongs() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(8 + 4 + 4 + 2 + 2 + 3).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(Long.MIN_VALUE).putInt(-7).putInt(-1).putShort((short) -2).putShort((short) -1);
    data.put((byte) -128).put((byte) -1).put((byte) 1);
    SafetensorsFile file =
        open(
            """
            {"i64":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
             "i32":{"dtype":"I32","shape":[1],"data_offsets":[8,12]},
             "u32":{"dtype":"U32","shape":[1],"data_offsets":[12,16]},
             "i16":{"dtype":"I16","shape":[1],"data_offsets":[16,18]},
             "u16":{"dtype":"U16","shape":[1],"data_offsets":[18,20]},
             "i8":{"dtype":"I8","shape":[1],"data_offsets":[20,21]},
             "u8":{"dtype":"U8","shape":[1],"data_offsets":[21,22]},
             "bool":{"dtype":"BOOL","shape":[1],"data_offsets":[22,23]}}\
            """,
            data.array());

    assertThat(file.longs("i64")).containsExactly(Long.MIN_VALUE);
    assertThat(file.ints("i32")).containsExactly(-7);
    assertThat(file.longs("u32")).containsExactly(4294967295L);
    assertThat(file.ints("i16")).containsExactly(-2);
    assertThat(file.ints("u16")).containsExactly(65535);
    assertThat(file.longs("i8")).containsExactly(-128);
    assertThat(file.bytes("i8")).containsExactly(-128);
    assertThat(file.longs("u8")).containsExactly(255);
    assertThat(file.ints("bool")).containsExactly(1);
    assertThatThrownBy(() -> file.ints("i64")).hasMessageContaining("does not fit an int");
    assertThatThrownBy(() -> file.bytes("i32")).hasMessageContaining("expected one of");
    assertThatThrownBy(() -> file.floats("i32")).hasMessageContaining("expected one of");
  }

  @Test
  void allHalfPrecisionValuesRoundTripThroughTheirDefinition() {
    for (int bits = 0; bits < 0x10000; bits++) {
      int exponent = (bits >> 10) & 31;
      int fraction = bits & 1023;
      double magnitude =
          exponent == 0
              ? Math.scalb((double) fraction, -24)
              : Math.scalb(1024.0 + fraction, exponent - 25);
      double expected = (bits & 0x8000) == 0 ? magnitude : -magnitude;
      float actual = HalfFloats.float16((short) bits);
      if (exponent == 31) {
        assertThat(Float.isNaN(actual)).isEqualTo(fraction != 0);
        assertThat(Float.isInfinite(actual)).isEqualTo(fraction == 0);
      } else {
        assertThat((double) actual).isEqualTo(expected);
      }
    }
  }

  @Test
  void emptyFileOfTensorsAndEmptyTensorsAreLegal() throws IOException {
    assertThat(open("{}", new byte[0]).entries()).isEmpty();
    SafetensorsFile file =
        open(
            """
            {"b":{"dtype":"F32","shape":[0,9],"data_offsets":[1,1]},
             "a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
             "first":{"dtype":"I64","shape":[0],"data_offsets":[0,0]},
             "huge":{"dtype":"F32","shape":[0,99999999999],"data_offsets":[1,1]}}\
            """,
            new byte[1]);
    assertThat(file.entries())
        .extracting(SafetensorsEntry::name)
        .containsExactly("first", "a", "b", "huge");
    assertThat(file.tensor("b").shape()).containsExactly(0, 9);
    assertThatThrownBy(() -> file.tensor("huge"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("the shape is too large");
  }

  @Test
  void valuesOfALargeTensorSurviveTheChunks() throws IOException {
    float[] values = new float[300_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    Path path = folder.resolve("large.safetensors");
    new SafetensorsWriter().add("x", Tensor.of(values, 300_001)).write(path);
    assertThat(SafetensorsFile.open(path).floats("x")).isEqualTo(values);
    assertThat(SafetensorsFile.open(path).doubles("x")[300_000]).isEqualTo(300_000);
  }

  @Test
  void unknownNameIsAnErrorThatNamesFileAndTensor() throws IOException {
    SafetensorsFile file = open("{}", new byte[0]);
    assertThat(file.contains("x")).isFalse();
    assertThatThrownBy(() -> file.floats("x"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("raw.safetensors: there is no tensor 'x' among the 0 tensors");
  }

  @Test
  void fileThatChangedSinceItWasOpenedIsNotRead() throws IOException {
    SafetensorsFile file =
        open("{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", new byte[1]);
    Files.write(folder.resolve("raw.safetensors"), new byte[5]);
    assertThatThrownBy(() -> file.bytes("x"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("changed since it was opened");
  }

  private SafetensorsFile open(String header, byte[] data) throws IOException {
    return SafetensorsFile.open(RawFile.write(folder, RawFile.bytes(header, data)));
  }
}

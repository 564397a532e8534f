package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers in files beside the model, and attempts to read others. */
class ExternalDataTest {
  @TempDir Path outside;
  private Path folder;
  private Path model;

  @BeforeEach
  void makeFiles() throws Exception {
    folder = Files.createDirectory(outside.resolve("model"));
    model = Files.createFile(folder.resolve("model.onnx"));
    byte[] numbers = ProtoBytes.littleEndian(1f, 2f, 3f, 4f);
    Files.write(Files.createDirectory(folder.resolve("parts")).resolve("a.bin"), numbers);
    Files.write(outside.resolve("secret.bin"), numbers);
  }

  private static ProtoBytes entry(String key, String value) {
    return new ProtoBytes().string(1, key).string(2, value);
  }

  private OnnxTensor tensor(String location, String... offsetAndLength) throws Exception {
    ProtoBytes tensor =
        new ProtoBytes()
            .varint(1, 2)
            .varint(2, 1)
            .string(8, "t")
            .message(13, entry("location", location))
            .varint(14, 1);
    String[] keys = {"offset", "length"};
    for (int i = 0; i < offsetAndLength.length; i++) {
      tensor.message(13, entry(keys[i], offsetAndLength[i]));
    }
    return OnnxTensor.read(new WireReader("m", tensor.toByteArray()), ExternalFiles.beside(model));
  }

  private void assertRefused(String why, String location, String... offsetAndLength) {
    assertThatThrownBy(() -> tensor(location, offsetAndLength))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }

  @Test
  void readsTheNumbersFromTheirPlace() throws Exception {
    assertThat(tensor("parts/a.bin", "4", "8").floats()).containsExactly(2f, 3f);
    assertThat(tensor("parts/a.bin").floats()).containsExactly(1f, 2f);
  }

  @Test
  void refusesFilesOutsideOfTheFolder() throws Exception {
    assertRefused("not a file in the model's folder", "../secret.bin");
    assertRefused("not a file in the model's folder", outside.resolve("secret.bin").toString());
    assertRefused("not a file in the model's folder", "parts/../../secret.bin");
    Files.createSymbolicLink(folder.resolve("link.bin"), outside.resolve("secret.bin"));
    assertRefused("not a file in the model's folder", "link.bin");
    assertRefused("not a file in the model's folder", "");
    assertRefused("not a file in the model's folder", "parts");
    assertRefused("not a file in the model's folder", "a\0b");
  }

  @Test
  void refusesPlacesThatDoNotFit() {
    assertRefused("needs 8 bytes", "parts/a.bin", "12", "8");
    assertRefused("needs 8 bytes", "parts/a.bin", "0", "16");
    assertRefused("needs 8 bytes", "parts/a.bin", "999999999999999999");
    assertRefused("expected a number of bytes", "parts/a.bin", "-4");
  }
}

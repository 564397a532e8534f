package ernie4j.zoo.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchFileTest {
  private static final int[] TWO_BY_THREE = {2, 3};
  private static final int[] ROWS = {3, 1};
  private static final int[] COLUMNS = {1, 2};

  private Path file;

  @BeforeEach
  void name(@TempDir Path folder) {
    file = folder.resolve("pytorch_model.bin");
  }

  private float[] read(TorchZip zip, String name) throws IOException {
    zip.write(file);
    try (TorchFile torch = TorchFile.open(file)) {
      SourceTensor tensor = Objects.requireNonNull(torch.tensors().get(name));
      assertThat(tensor.shape()).isEqualTo(TWO_BY_THREE);
      return tensor.floats();
    }
  }

  private void assertRefused(TorchZip zip, String why) throws IOException {
    zip.write(file);
    assertThatThrownBy(() -> TorchFile.open(file).close())
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
  }

  private static TorchZip eight() {
    return new TorchZip().storage("0", 0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void readsOffsetsAndStridesOfASharedStorage() throws IOException {
    TorchZip zip =
        eight()
            .tensor("a", "FloatStorage", "0", 8, 0, TWO_BY_THREE, ROWS)
            .tensor("b", "FloatStorage", "0", 8, 2, TWO_BY_THREE, ROWS)
            .tensor("c", "FloatStorage", "0", 8, 1, TWO_BY_THREE, COLUMNS);
    assertThat(read(zip, "a")).containsExactly(0, 1, 2, 3, 4, 5);
    try (TorchFile torch = TorchFile.open(file)) {
      assertThat(Objects.requireNonNull(torch.tensors().get("b")).floats())
          .containsExactly(2, 3, 4, 5, 6, 7);
      assertThat(Objects.requireNonNull(torch.tensors().get("c")).floats())
          .containsExactly(1, 3, 5, 2, 4, 6);
    }
  }

  @Test
  void widensHalfPrecision() throws IOException {
    byte[] halves = {0, 0x3c, 0, (byte) 0xc0, 0, 0x38, 0, 0, 0, 0x3c, 0, 0x40};
    TorchZip zip =
        new TorchZip()
            .storage("0", halves)
            .tensor("a", "HalfStorage", "0", 6, 0, TWO_BY_THREE, ROWS);
    assertThat(read(zip, "a")).containsExactly(1, -2, 0.5f, 0, 1, 2);
  }

  @Test
  void refusesTensorsThatDoNotFitTheirStorage() throws IOException {
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 8, 3, TWO_BY_THREE, ROWS), "does not fit");
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 8, -1, TWO_BY_THREE, ROWS), "does not fit");
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 8, 0, TWO_BY_THREE, new int[] {7, 1}),
        "does not fit");
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 8, 0, new int[] {1 << 30, 1}, new int[] {0, 1}),
        "does not fit");
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 8, 0, TWO_BY_THREE, new int[] {-3, 1}),
        "whole numbers from 0 on");
    assertRefused(
        eight().tensor("a", "FloatStorage", "0", 9, 0, TWO_BY_THREE, ROWS), "should have 9");
    assertRefused(
        eight().tensor("a", "DoubleStorage", "0", 8, 0, TWO_BY_THREE, ROWS), "should have 8");
    assertRefused(eight().tensor("a", "FloatStorage", "1", 8, 0, TWO_BY_THREE, ROWS), "no entry");
    assertRefused(
        eight().tensor("a", "QuantizedStorage", "0", 8, 0, TWO_BY_THREE, ROWS),
        "torch.QuantizedStorage");
  }
}

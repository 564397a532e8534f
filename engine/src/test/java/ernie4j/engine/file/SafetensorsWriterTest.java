package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private final Path folder;

  SafetensorsWriterTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void writtenTensorsReadBackWithTypeShapeAndValues() throws IOException {
    Path path = folder.resolve("x.safetensors");
    writer().write(path);

    SafetensorsFile file = SafetensorsFile.open(path);
    assertThat(file.metadata()).containsEntry("note", "千字文 \"quoted\"\n");
    assertThat(file.bytes("codes")).containsExactly(-128, 0, 127);
    assertThat(file.ints("sums")).containsExactly(Integer.MIN_VALUE, 7);
    assertThat(file.longs("step")).containsExactly(Long.MAX_VALUE);
    assertThat(file.tensor("weights").shape()).containsExactly(2, 2);
    assertThat(file.floats("weights")).containsExactly(1, 2, 3, 4);
    assertThat(file.tensor("empty").shape()).containsExactly(0, 3);
  }

  @Test
  void dataBeginsAtAMultipleOf64AndEveryTensorIsAligned() throws IOException {
    for (int nameLength = 1; nameLength < 130; nameLength++) {
      Path path = folder.resolve("aligned.safetensors");
      writer().add("n".repeat(nameLength), new byte[nameLength], nameLength).write(path);
      byte[] bytes = Files.readAllBytes(path);
      long header = Long.reverseBytes(ByteBuffer.wrap(bytes).getLong());
      assertThat((8 + header) % 64).isZero();
      assertThat(SafetensorsFile.open(path).entries())
          .allSatisfy(entry -> assertThat(entry.begin() % entry.type().bytes()).isZero());
    }
  }

  @Test
  void sameTensorsGiveTheSameBytes() throws IOException {
    Path first = folder.resolve("1");
    Path second = folder.resolve("2");
    writer().write(first);
    writer().write(second);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void wrongUseIsRefusedBeforeAnythingIsWritten() throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter().add("a", new byte[2], 2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("a", new byte[2], 2))
        .withMessageContaining("already taken");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("__metadata__", new byte[0], 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.add("b", new int[2], 3))
        .withMessageContaining("'b' has 2 values, but shape [3]");
    assertThatIllegalArgumentException().isThrownBy(() -> writer.add("b", new int[2], -1, -2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> writer.metadata("half", "\ud800").write(folder.resolve("x")))
        .withMessageContaining("not valid Unicode");
    assertThat(filesInFolder()).isEmpty();
  }

  @Test
  void failedWriteLeavesTheOldFileAndNoOther() throws IOException {
    Path target = Files.writeString(folder.resolve("model"), "old");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    target,
                    channel -> {
                      channel.write(ByteBuffer.wrap(new byte[100]));
                      throw new IOException("disk full");
                    }))
        .hasMessage(target + ": disk full");
    assertThat(target).hasContent("old");
    assertThat(filesInFolder()).containsExactly(target);
  }

  @Test
  void existingFileIsReplaced() throws IOException {
    Path target = Files.writeString(folder.resolve("model"), "old");
    writer().write(target);
    assertThat(SafetensorsFile.open(target).contains("weights")).isTrue();
    assertThat(filesInFolder()).containsExactly(target);
  }

  @Test
  void folderAsTargetAndMissingFolderAreErrorsThatSaySo() throws IOException {
    assertThatThrownBy(() -> writer().write(folder)).hasMessageContaining("this is a folder");
    assertThatThrownBy(() -> writer().write(folder.resolve("missing/x")))
        .hasMessageContaining("there is no folder");
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("missing")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(filesInFolder()).isEmpty();
  }

  private static SafetensorsWriter writer() {
    return new SafetensorsWriter()
        .metadata("note", "千字文 \"quoted\"\n")
        .add("codes", new byte[] {-128, 0, 127}, 3)
        .add("weights", Tensor.wrap(new float[] {0, 1, 2, 3, 4, 5}, 1, 2, 2))
        .add("sums", new int[] {Integer.MIN_VALUE, 7}, 1, 2)
        .add("empty", Tensor.zeros(0, 3))
        .add("step", new long[] {Long.MAX_VALUE});
  }

  private Stream<Path> filesInFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().stream();
    }
  }
}

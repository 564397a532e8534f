package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPlaceTest {
  @TempDir Path folder;

  @Test
  void goodPlacesLeaveNothingBehind() throws IOException {
    OutputPlace.requireFile(folder.resolve("model.ernie"));
    OutputPlace.requireFolder(folder.resolve("a").resolve("b"));
    OutputPlace.requireFolder(folder);
    assertThat(folder).isEmptyDirectory();
    Path old = Files.writeString(folder.resolve("old"), "old");
    OutputPlace.requireFile(old);
    assertThat(old).hasContent("old");
    assertThatCode(() -> OutputPlace.requireFile(Path.of("relative.ernie")))
        .doesNotThrowAnyException();
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> OutputPlace.requireFolder(file))
        .hasMessage(file + ": expected a folder to write to, this is a file");
    Path below = file.resolve("run").resolve("1");
    assertThatThrownBy(() -> OutputPlace.requireFolder(below))
        .hasMessage(below + ": cannot be created, because " + file + " is a file");
    assertThatThrownBy(() -> OutputPlace.requireFile(file.resolve("model.ernie")))
        .hasMessageContaining("there is no folder " + file);
    assertThatThrownBy(() -> OutputPlace.requireFile(folder))
        .hasMessage(folder + ": cannot write a file here, this is a folder");
  }

  /** No folder of /proc accepts files, not even from an administrator. */
  @Test
  void folderThatAcceptsNoFilesIsNamedWithTheReason() {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.isDirectory(proc), "there is no /proc");
    assertThatThrownBy(() -> OutputPlace.requireFolder(proc.resolve("run")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(proc + ": cannot write here: ")
        .hasMessageNotContaining(".tmp");
    assertThatThrownBy(() -> OutputPlace.requireFile(proc.resolve("model.ernie")))
        .hasMessageStartingWith(proc + ": cannot write here: ");
    assertThatThrownBy(() -> AtomicFile.writeText(proc.resolve("model.ernie"), "x"))
        .hasMessageStartingWith(proc.resolve("model.ernie") + ": cannot write: ")
        .hasMessageNotContaining(".tmp");
  }

  @Test
  void aDeviceIsNotReplaced() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full");
    assertThatThrownBy(() -> OutputPlace.requireFile(full))
        .hasMessageStartingWith("/dev/full: expected a file to write");
  }

  @Test
  void failuresNamePathAndReason() {
    assertThat(FileFailure.sentence(new AccessDeniedException("m")))
        .isEqualTo("m: permission denied");
    assertThat(FileFailure.sentence(new NoSuchFileException("m")))
        .isEqualTo("m: there is no such file");
    assertThat(FileFailure.sentence(new FileAlreadyExistsException("m")))
        .isEqualTo("m: there is already a file of this name");
    assertThat(FileFailure.sentence(new NotDirectoryException("m")))
        .isEqualTo("m: expected a folder, this is a file");
    assertThat(FileFailure.sentence(new FileSystemException("m", null, "Read-only file system")))
        .isEqualTo("m: read-only file system");
    assertThat(FileFailure.sentence(new FileSystemException("m"))).startsWith("m: the file system");
    assertThat(FileFailure.sentence(new IOException("a: b"))).isEqualTo("a: b");
  }

  /** On a device that is always full, so that no file system has to be filled. */
  @Test
  void aFullDiskIsNamedWithTheFile() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full");
    assertThatThrownBy(
            () ->
                AtomicFile.write(folder.resolve("m"), channel -> Files.write(full, new byte[] {1})))
        .isInstanceOf(FileSystemException.class)
        .satisfies(
            e ->
                assertThat(FileFailure.sentence((IOException) e))
                    .isEqualTo(folder.resolve("m") + ": no space left on device"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderInPlaceOfAFileIsNamed() {
    assertThatThrownBy(() -> Sha256.of(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(folder + ": Is a directory");
  }
}

package ernie4j.zoo.huggingface;

import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The short text that git leaves in the place of a large file that was not fetched. */
public final class LfsPointer {
  private static final String START = "version https://git-lfs";

  private LfsPointer() {}

  /**
   * Checks that a file is not a pointer.
   *
   * @throws ModelFileException if it is a pointer
   */
  public static void refuse(Path file) throws IOException {
    byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(START.length());
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
    if (new String(first, StandardCharsets.ISO_8859_1).equals(START)) {
      throw new ModelFileException(
          file.toString(),
          "this is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull' or download"
              + " it from the model's page");
    }
  }
}

package ernie4j.zoo.conversion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Folders that hold files and no other folders. */
public final class FlatFolder {
  private FlatFolder() {}

  /** Deletes a folder with its files if it is there. */
  public static void deleteIfThere(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /**
   * Checks that nothing is in the way of a folder that is to be written.
   *
   * @throws IOException if there is a file, or a folder that is not empty
   */
  public static void requireNewOrEmpty(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": expected a new or empty folder, this is a file");
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new IOException(
            folder + ": expected a new or empty folder, this one holds files; choose another one");
      }
    }
  }
}

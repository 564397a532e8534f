package ernie4j.zoo.foreign;

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
}

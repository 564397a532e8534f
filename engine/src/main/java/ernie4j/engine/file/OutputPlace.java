package ernie4j.engine.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out before a long computation whether its result can be written. Leaves nothing in the
 * folder.
 */
public final class OutputPlace {
  private OutputPlace() {}

  /**
   * Checks that a file can be written: its folder exists and accepts files.
   *
   * @param file the file to write later; may exist
   * @throws IOException if not, with path and reason
   */
  public static void requireFile(Path file) throws IOException {
    Path folder = AtomicFile.folder(file);
    if (!Files.isRegularFile(file) && Files.exists(file)) {
      throw new IOException(
          file + ": expected a file to write, this is a device or pipe, which cannot be replaced");
    }
    requireTakesFiles(folder);
  }

  /**
   * Checks that files can be written to a folder.
   *
   * @param folder the folder, which need not exist yet
   * @throws IOException if not, with path and reason
   */
  public static void requireFolder(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new IOException(
          existing.equals(folder.toAbsolutePath().normalize())
              ? folder + ": expected a folder to write to, this is a file"
              : String.format("%s: cannot be created, because %s is a file", folder, existing));
    }
    requireTakesFiles(existing);
  }

  private static void requireTakesFiles(Path folder) throws IOException {
    // Only writing a file tells: to an administrator a folder may look writable although it is not.
    Path probe =
        folder.resolve(String.format(".ernie4j-%016x.tmp", ThreadLocalRandom.current().nextLong()));
    try {
      Files.write(probe, new byte[] {1});
    } catch (IOException e) {
      IOException named = FileFailure.at(probe, e);
      throw new IOException(
          String.format(
              "%s: cannot write here: %s",
              folder, FileFailure.sentence(named).replace(probe + ": ", "")),
          e);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}

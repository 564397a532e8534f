package ernie4j.engine.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a file so that its name refers to either the old content or all of the new one, never to a
 * part.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the content of a file. */
  public interface Content {
    /**
     * Writes everything to a channel that is at the start of an empty file.
     *
     * @param channel the channel to write to; the caller closes it
     * @throws IOException if writing fails
     */
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a temporary file next to the target, forces it to the disk and moves it over the target.
   * If anything fails, the target is unchanged and the temporary file is deleted.
   *
   * @param target the file to write; replaced if it exists
   * @param content writes the new content
   * @throws IOException if the target is a folder, its folder is missing, or writing fails; the
   *     message names the target
   */
  public static void write(Path target, Content content) throws IOException {
    folder(target);
    Path absolute = target.toAbsolutePath();
    // Not Files.createTempFile: its file would be readable by its owner only, also after the move.
    Path temporary =
        absolute.resolveSibling(
            String.format(
                "%s.%016x.tmp", absolute.getFileName(), ThreadLocalRandom.current().nextLong()));
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw e.getFile() == null || !e.getFile().equals(temporary.toString())
          ? e
          : forTarget(target, e); // the user does not know the temporary file
    } catch (IOException e) {
      throw FileFailure.at(target, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static IOException forTarget(Path target, FileSystemException e) {
    return new IOException(
        FileFailure.sentence(e).replace(e.getFile() + ": ", target + ": cannot write: "), e);
  }

  /**
   * The folder that a file is to be written to.
   *
   * @throws IOException if it is missing or the target itself is a folder
   */
  static Path folder(Path target) throws IOException {
    if (Files.isDirectory(target)) {
      throw new IOException(target + ": cannot write a file here, this is a folder");
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(target + ": cannot write, there is no folder " + folder);
    }
    return folder;
  }

  /**
   * Writes a text in UTF-8.
   *
   * @param target the file to write; replaced if it exists
   * @param text the new content
   * @throws IOException as {@link #write}
   */
  public static void writeText(Path target, CharSequence text) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
    write(
        target,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }
}

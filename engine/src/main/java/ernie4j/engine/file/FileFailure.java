package ernie4j.engine.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Says which file could not be read or written, and why: the JDK's own exceptions name either only
 * the file or only the reason.
 */
public final class FileFailure {
  private FileFailure() {}

  /**
   * A failure of reading or writing an open file, with its path. What channels and streams throw
   * carries the words of the operating system alone, such as "No space left on device".
   *
   * @return the given exception if it names a file already
   */
  public static IOException at(Path path, IOException e) {
    String reason = e.getMessage();
    if (e.getClass() != IOException.class || reason == null || reason.contains(": ")) {
      return e;
    }
    FileSystemException named = new FileSystemException(path.toString(), null, reason);
    named.initCause(e);
    return named;
  }

  /** One sentence for people: the path and the reason. */
  public static String sentence(IOException e) {
    if (!(e instanceof FileSystemException failure) || failure.getFile() == null) {
      return String.valueOf(e.getMessage());
    }
    return failure.getFile() + ": " + reason(failure);
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "there is already a file of this name";
    }
    if (e instanceof NotDirectoryException) {
      return "expected a folder, this is a file";
    }
    String reason = e.getReason();
    return reason == null || reason.isEmpty()
        ? String.format("the file system refuses it (%s)", e.getClass().getSimpleName())
        : reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1);
  }
}

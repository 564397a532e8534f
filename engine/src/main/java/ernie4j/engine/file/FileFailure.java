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
 * Names the file that could not be read or written, and the reason: the JDK's own exceptions give
 * either only the file or only the reason.
 */
public final class FileFailure {
  private FileFailure() {}

  /**
   * Adds the path to a failure of reading or writing an open file. What channels and streams throw
   * has only the message of the operating system, such as "No space left on device".
   *
   * @param path the file that was read or written
   * @param e the failure
   * @return an exception that names the file; {@code e} itself if it does already
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

  /**
   * Describes a failure for people.
   *
   * @param e the failure
   * @return one sentence with the path and the reason
   */
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

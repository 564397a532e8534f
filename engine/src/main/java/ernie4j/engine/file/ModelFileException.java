package ernie4j.engine.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file is damaged or not what it should be; the message names the file and says what is wrong.
 */
public final class ModelFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Makes an exception whose message reads "file: problem".
   *
   * @param file the path of the file, or what messages call a stream
   * @param problem what is wrong, and what to do
   */
  public ModelFileException(String file, String problem) {
    super(file + ": " + problem);
  }

  /**
   * Makes an exception whose message reads "file: problem", with the failure that revealed it.
   *
   * @param file the path of the file, or what messages call a stream
   * @param problem what is wrong, and what to do
   * @param cause the failure; null if there is none
   */
  public ModelFileException(String file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }
}

package ernie4j.engine.file;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file is damaged or not what it should be; the message names the file and says what is wrong.
 */
public final class ModelFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** The message reads "file: problem". */
  public ModelFileException(String file, String problem) {
    super(file + ": " + problem);
  }

  /** The message reads "file: problem", with the failure that revealed it. */
  public ModelFileException(String file, String problem, @Nullable Throwable cause) {
    super(file + ": " + problem, cause);
  }
}

package ernie4j.zoo.download;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failed attempt, with the information whether another one can help. */
final class DownloadException extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean temporary;
  private final transient Optional<Duration> pause;

  private DownloadException(String message, boolean temporary, Optional<Duration> pause) {
    super(message);
    this.temporary = temporary;
    this.pause = pause;
  }

  /** Another attempt can help. */
  static DownloadException temporary(String message) {
    return new DownloadException(message, true, Optional.empty());
  }

  /** Another attempt can help after the pause that the server asks for. */
  static DownloadException temporary(String message, Optional<Duration> pause) {
    return new DownloadException(message, true, pause);
  }

  /** Another attempt would fail in the same way. */
  static DownloadException permanent(String message) {
    return new DownloadException(message, false, Optional.empty());
  }

  boolean isTemporary() {
    return temporary;
  }

  Optional<Duration> pause() {
    return pause;
  }
}

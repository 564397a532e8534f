package ernie4j.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * Standard output whose failures end the command. A {@link PrintWriter} alone would hide them, and
 * results would be missing silently.
 */
final class StandardOutput extends FilterOutputStream {
  /** The exit code that shells show for a program ended by SIGPIPE. */
  private static final int CLOSED_PIPE = 128 + 13;

  private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

  private boolean failed;

  private StandardOutput(OutputStream out) {
    super(out);
  }

  /** A writer of UTF-8 that throws {@link Failure} when bytes cannot be written. */
  static PrintWriter writer(OutputStream out) {
    return new PrintWriter(new StandardOutput(out), false, StandardCharsets.UTF_8);
  }

  /** Standard output cannot be written. */
  static final class Failure extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    Failure(IOException cause) {
      super(cause);
    }

    /** Reports what happened, unless the reader is gone, and returns the exit code. */
    int report(PrintWriter err) {
      String reason = String.valueOf(Objects.requireNonNull(getCause()).getMessage());
      if (isPipe(reason)) {
        return CLOSED_PIPE; // as 'ernie4j ... | head' expects: at once and silently
      }
      err.println(
          "ernie4j: standard output could not be written: " + reason.toLowerCase(Locale.ROOT));
      return 1;
    }

    /**
     * Whether a pipe was closed. The reason depends on the locale, but pipes fail in no other way.
     */
    private static boolean isPipe(String reason) {
      if (reason.toLowerCase(Locale.ROOT).contains("pipe")) {
        return true;
      }
      try {
        return Files.readSymbolicLink(DESCRIPTOR).toString().matches("(pipe|socket):.*");
      } catch (IOException | UnsupportedOperationException e) {
        return false;
      }
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    if (failed) {
      return; // only buffered output remains; the command has ended
    }
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      failed = true;
      throw new Failure(e);
    }
  }

  @Override
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      failed = true;
      throw new Failure(e);
    }
  }
}

package ernie4j.cli;

import java.io.IOException;
import java.io.Writer;

/** Passes on only errors and warnings, whose lines begin with the name of the program. */
final class QuietWriter extends Writer {
  static final String PREFIX = "ernie4j: ";

  private final Writer out;
  private final StringBuilder line = new StringBuilder();

  QuietWriter(Writer out) {
    this.out = out;
  }

  @Override
  public void write(char[] chars, int from, int length) throws IOException {
    for (int i = from; i < from + length; i++) {
      line.append(chars[i]);
      if (chars[i] == '\n') {
        if (line.indexOf(PREFIX) == 0) {
          out.append(line);
        }
        line.setLength(0);
      }
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** Leaves the other writer open, because it outlives the command. */
  @Override
  public void close() throws IOException {
    flush();
  }
}

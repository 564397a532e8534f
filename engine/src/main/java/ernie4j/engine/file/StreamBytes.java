package ernie4j.engine.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reading a number of bytes from a stream, which may give fewer in one call. */
final class StreamBytes {
  private static final int FIRST = 16_384;

  private StreamBytes() {}

  /**
   * The next bytes, fewer only at the end of the stream. Memory is allocated as bytes arrive, so a
   * wrong length costs none.
   */
  static byte[] upTo(InputStream in, int most) throws IOException {
    byte[] bytes = new byte[Math.min(most, FIRST)];
    int size = fill(in, bytes, 0);
    while (size == bytes.length && size < most) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * size));
      size = fill(in, bytes, size);
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }

  /**
   * Fills an array from a place on.
   *
   * @return where the bytes in it end, before its end only at the end of the stream
   */
  static int fill(InputStream in, byte[] into, int from) throws IOException {
    int end = from;
    while (end < into.length) {
      int read = in.read(into, end, into.length - end);
      if (read < 0) {
        break;
      }
      end += read;
    }
    return end;
  }
}

package ernie4j.zoo.pickle;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the operations of a pickle and their arguments; long contents are skipped. */
final class PickleInput {
  private static final int WINDOW = 1 << 16;
  private static final int MAX_LINE = 256;

  /** Texts up to this length become strings, longer ones stay in the file. */
  private static final int SHORT_TEXT = 4096;

  /** All short texts together, in bytes. */
  private static final int MAX_TEXTS = 1 << 25;

  private final FileBytes file;
  private byte[] window = new byte[0];
  private long windowStart;
  private long position;
  private int texts;

  PickleInput(FileBytes file) {
    this.file = file;
  }

  long position() {
    return position;
  }

  long remaining() {
    return file.size() - position;
  }

  /** An unsigned byte. */
  int u1() throws IOException {
    long index = position - windowStart;
    if (index < 0 || index >= window.length) {
      file.require(position, 1);
      window = file.bytes(position, (int) Math.min(WINDOW, file.size() - position));
      windowStart = position;
      index = 0;
    }
    position++;
    return window[(int) index] & 255;
  }

  /** A little-endian number of up to eight bytes, with the sign of its highest bit. */
  long signed(int bytes) throws IOException {
    int unused = 64 - 8 * bytes;
    return bytes == 0 ? 0 : unsigned(bytes) << unused >> unused;
  }

  /** A little-endian number of up to eight bytes, unsigned unless it has eight. */
  long unsigned(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) u1() << (8 * i);
    }
    return value;
  }

  /** A big-endian double. */
  double float64() throws IOException {
    return Double.longBitsToDouble(Long.reverseBytes(unsigned(8)));
  }

  /** A text that ends in a line break. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = u1(); next != '\n'; next = u1()) {
      if (line.length() == MAX_LINE) {
        throw file.failure(position, "the name of a global is longer than " + MAX_LINE);
      }
      line.append((char) next);
    }
    return line.toString();
  }

  /** The next bytes, which stay in the file. */
  PickleBytes bytes(long length) throws ModelFileException {
    return pass(length, false);
  }

  /** A text: a string, or {@link PickleBytes} if it is long, as arrays of protocol 2 are. */
  Object text(long length) throws IOException {
    if (length < 0 || length > SHORT_TEXT) {
      return pass(length, true);
    }
    byte[] bytes = shortText((int) length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw file.failure(position - length, "a text is not UTF-8");
    }
  }

  /** A byte string of Python 2, which also uses them as texts: characters are bytes. */
  Object byteText(long length) throws IOException {
    return length < 0 || length > SHORT_TEXT
        ? pass(length, false)
        : new String(shortText((int) length), StandardCharsets.ISO_8859_1);
  }

  private byte[] shortText(int length) throws IOException {
    byte[] bytes = file.bytes(position, length);
    position += length;
    texts += length;
    if (texts > MAX_TEXTS) {
      throw file.failure(position, "more than %d bytes of texts".formatted(MAX_TEXTS));
    }
    return bytes;
  }

  private PickleBytes pass(long length, boolean latin1) throws ModelFileException {
    file.require(position, length);
    PickleBytes bytes = new PickleBytes(file, position, length, latin1);
    position += length;
    return bytes;
  }

  ModelFileException failure(long at, String problem) {
    return file.failure(at, problem);
  }
}

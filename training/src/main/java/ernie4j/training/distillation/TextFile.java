package ernie4j.training.distillation;

import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.Sha256;
import ernie4j.training.data.Utf8Text;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A UTF-8 file with one text per line, of which only the positions of the lines are kept in memory.
 * Opening reads it once completely, so that invalid UTF-8 is found before the training.
 */
final class TextFile implements Closeable {
  /** Longer lines are rejected, because the file then does not have one text per line. */
  static final int LONGEST_LINE = 1 << 20;

  private static final int CHUNK = 1 << 16;

  /** Its length in UTF-8. */
  private static final int BYTE_ORDER_MARK = 3;

  private final Path path;
  private final FileChannel channel;
  private long[] starts = new long[1024];
  private int[] lengths = new int[1024];
  private int size;
  private String hash = "";

  private TextFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens a file and finds its lines; blank ones are left out.
   *
   * @throws IOException if it cannot be read, is not UTF-8 or has a line above 1 MiB
   */
  static TextFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      TextFile file = new TextFile(path, channel);
      file.index();
      return file;
    } catch (IOException e) {
      channel.close();
      throw FileFailure.at(path, e);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void index() throws IOException {
    MessageDigest digest = Sha256.start();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long start = 0;
    long number = 1;
    while (channel.read(chunk) >= 0) {
      byte[] bytes = chunk.array();
      digest.update(bytes, 0, chunk.position());
      int from = 0;
      for (int i = 0; i < chunk.position(); i++) {
        if (bytes[i] == '\n') {
          line.write(bytes, from, i - from);
          from = i + 1;
          add(start, line, number++);
          start += line.size() + 1L;
          line.reset();
        }
      }
      line.write(bytes, from, chunk.position() - from);
      requireShort(line.size(), number);
      chunk.clear();
    }
    add(start, line, number);
    hash = Sha256.hex(digest);
  }

  /** The hash of the contents that the file had when it was opened. */
  String hash() {
    return hash;
  }

  private void requireShort(int length, long number) throws IOException {
    if (length > LONGEST_LINE) {
      throw new IOException(
          "%s: line %d has more than %,d bytes; expected one text per line"
              .formatted(path, number, LONGEST_LINE));
    }
  }

  private void add(long start, ByteArrayOutputStream line, long number) throws IOException {
    requireShort(line.size(), number);
    byte[] bytes = line.toByteArray();
    String text = Utf8Text.decode(bytes, path.toString(), Math.toIntExact(number));
    String unmarked = number == 1 ? Utf8Text.withoutMark(text) : text;
    if (unmarked.isBlank()) {
      return;
    }
    int mark = unmarked.length() == text.length() ? 0 : BYTE_ORDER_MARK;
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size + size / 2);
      lengths = Arrays.copyOf(lengths, size + size / 2);
    }
    starts[size] = start + mark;
    lengths[size++] = bytes.length - mark;
  }

  private static String decode(ByteBuffer bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
  }

  Path path() {
    return path;
  }

  /** The number of texts. */
  int size() {
    return size;
  }

  /**
   * A text, without blanks around it.
   *
   * @throws IOException if the file was changed meanwhile
   */
  String text(int index) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(lengths[index]);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, starts[index] + bytes.position()) < 0) {
        throw new EOFException(path + ": the file has become shorter while it was in use");
      }
    }
    return decode(bytes.flip()).strip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

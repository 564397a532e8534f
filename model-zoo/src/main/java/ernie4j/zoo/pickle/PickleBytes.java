package ernie4j.zoo.pickle;

import ernie4j.zoo.conversion.FileBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * A byte string or a long text of a pickle: a range of the file, not a copy. Protocol 2 has no byte
 * strings, so Python writes them as texts whose characters are the bytes; {@code latin1} tells that
 * the file holds UTF-8 of such a text.
 */
public final class PickleBytes {
  private static final int PIECE = 1 << 15;

  private final FileBytes file;
  private final long from;
  private final long length;
  private final boolean latin1;

  PickleBytes(FileBytes file, long from, long length, boolean latin1) {
    this.file = file;
    this.from = from;
    this.length = length;
    this.latin1 = latin1;
  }

  /** The bytes of a short text, one for each character. */
  static PickleBytes ofLatin1(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new PickleBytes(FileBytes.of("a short text", bytes), 0, bytes.length, false);
  }

  /** Whether the file can hold that many bytes here. */
  boolean canHold(long count) {
    return latin1 ? count <= length && length <= 2 * count : count == length;
  }

  /** The length in the file. */
  long storedLength() {
    return length;
  }

  /**
   * Hands out the bytes as {@link FileBytes#forEachPiece} does; there must be {@code count} of
   * them.
   */
  void forEachPiece(long count, Consumer<ByteBuffer> use) throws IOException {
    if (!latin1) {
      file.forEachPiece(from, count, use);
      return;
    }
    Latin1 decoder = new Latin1(use, count);
    file.forEachPiece(from, length, decoder::add);
    decoder.finish();
    if (decoder.count != count || decoder.damaged) {
      throw file.failure(
          from,
          "expected a text of %d characters up to U+00FF as bytes, got %d%s"
              .formatted(count, decoder.count, decoder.damaged ? " and others" : ""));
    }
  }

  /** UTF-8 of characters up to U+00FF to one byte each. */
  private static final class Latin1 {
    private final ByteBuffer bytes = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    private final Consumer<ByteBuffer> use;
    private final long expected;
    private int lead;
    private long count;
    private boolean damaged;

    Latin1(Consumer<ByteBuffer> use, long expected) {
      this.use = use;
      this.expected = expected;
    }

    void add(ByteBuffer text) {
      while (text.hasRemaining()) {
        int next = text.get() & 255;
        if (lead == 0 && (next == 0xc2 || next == 0xc3)) {
          lead = next;
          continue;
        }
        damaged |= lead == 0 ? next > 0x7f : (next & 0xc0) != 0x80;
        count++;
        if (count > expected) {
          lead = 0;
          continue; // More than the caller has room for; the count reveals it at the end.
        }
        bytes.put((byte) (lead == 0 ? next : ((lead & 3) << 6) | (next & 0x3f)));
        lead = 0;
        if (!bytes.hasRemaining()) {
          hand();
        }
      }
    }

    void finish() {
      damaged |= lead != 0;
      hand();
    }

    private void hand() {
      use.accept(bytes.flip());
      bytes.clear();
    }
  }
}

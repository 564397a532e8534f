package ernie4j.zoo.conversion;

import ernie4j.engine.file.ModelFileException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a file, read from the disk on demand, or those of an array. Every length in a file
 * is compared with {@link #size} before anything is allocated. For one thread at a time.
 */
public final class FileBytes implements Closeable {
  private static final int PIECE = 1 << 16;

  private final String name;
  private final long size;
  private final @Nullable FileChannel channel;
  private final ByteBuffer buffer;

  private FileBytes(String name, long size, @Nullable FileChannel channel, ByteBuffer buffer) {
    this.name = name;
    this.size = size;
    this.channel = channel;
    this.buffer = buffer;
  }

  /** Opens a file. */
  public static FileBytes open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      return new FileBytes(file.toString(), size, channel, ByteBuffer.allocate(PIECE));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The bytes of an array, which is not copied.
   *
   * @param name what messages call it
   */
  public static FileBytes of(String name, byte[] content) {
    return new FileBytes(name, content.length, null, ByteBuffer.wrap(content));
  }

  /** What messages call the file. */
  public String name() {
    return name;
  }

  /** The number of bytes. */
  public long size() {
    return size;
  }

  /**
   * A copy of some bytes.
   *
   * @throws ModelFileException if the file ends too early
   */
  public byte[] bytes(long from, int count) throws IOException {
    require(from, count);
    byte[] copy = new byte[count];
    int[] at = {0};
    forEachPiece(
        from,
        count,
        piece -> {
          int length = piece.remaining();
          piece.get(copy, at[0], length);
          at[0] += length;
        });
    return copy;
  }

  /**
   * Hands out {@code count} bytes in order, in little-endian pieces that are valid only during the
   * call. Every piece but the last has a multiple of 8 bytes, so that no number is split.
   *
   * @throws ModelFileException if the file ends too early
   */
  public void forEachPiece(long from, long count, Consumer<ByteBuffer> use) throws IOException {
    require(from, count);
    if (channel == null) {
      use.accept(buffer.slice((int) from, (int) count).order(ByteOrder.LITTLE_ENDIAN));
      return;
    }
    for (long done = 0; done < count; done += buffer.limit()) {
      buffer.clear().limit((int) Math.min(PIECE, count - done));
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, from + done + buffer.position()) < 0) {
          throw failure(from + done, "the file became shorter while it was read");
        }
      }
      use.accept(buffer.flip().slice().order(ByteOrder.LITTLE_ENDIAN));
    }
  }

  /**
   * Checks that the file has these bytes.
   *
   * @throws ModelFileException if not
   */
  public void require(long from, long count) throws ModelFileException {
    if (from < 0 || count < 0 || from > size || count > size - from) {
      throw failure(
          from,
          "expected %s bytes, but only %d are left; the file is cut or damaged"
              .formatted(Long.toUnsignedString(count), Math.max(0, size - from)));
    }
  }

  /** An exception that names the file and the position of the problem. */
  public ModelFileException failure(long position, String problem) {
    return new ModelFileException(name, problem + " (at byte " + position + ")");
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}

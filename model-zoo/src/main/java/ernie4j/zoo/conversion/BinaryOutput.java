package ernie4j.zoo.conversion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;

/** Little-endian numbers to a channel, through one small buffer. */
public final class BinaryOutput {
  private static final int BUFFER = 1 << 16;

  private final WritableByteChannel out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);

  /** Writes to a channel, which the caller closes. */
  public BinaryOutput(WritableByteChannel out) {
    this.out = out;
  }

  /** Writes the lowest byte of each number. */
  public void bytes(int... values) throws IOException {
    for (int value : values) {
      room(1).put((byte) value);
    }
  }

  /** Writes four bytes. */
  public void int32(int value) throws IOException {
    room(4).putInt(value);
  }

  /** Writes eight bytes. */
  public void int64(long value) throws IOException {
    room(8).putLong(value);
  }

  /** Writes an array. */
  public void raw(byte[] values) throws IOException {
    if (values.length <= BUFFER) {
      room(values.length).put(values);
      return;
    }
    flush();
    writeAll(ByteBuffer.wrap(values));
  }

  /** Writes the numbers {@code values[from ... from + count - 1]}. */
  public void floats(float[] values, int from, int count) throws IOException {
    flush();
    FloatBuffer floats = buffer.asFloatBuffer();
    for (int done = 0; done < count; done += floats.capacity()) {
      int piece = Math.min(floats.capacity(), count - done);
      floats.clear().put(values, from + done, piece);
      buffer.position(piece * Float.BYTES);
      flush();
    }
  }

  /** Hands everything written so far to the channel. */
  public void flush() throws IOException {
    writeAll(buffer.flip());
    buffer.clear();
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}

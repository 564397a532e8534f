package ernie4j.zoo.protobuf;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message under construction: a list of chunks and their total length. Nested messages
 * are kept by reference and arrays are not copied, so a tensor's numbers exist once however deeply
 * they are nested.
 */
public final class ProtoMessage {
  private static final int FLOATS_AT_ONCE = 1 << 14;

  private final List<Chunk> chunks = new ArrayList<>();
  private long length;

  private interface Chunk {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A field of a varint. */
  public void integer(int field, long value) {
    tag(field, 0);
    varint(value);
  }

  /** A field of a 32-bit float. */
  public void float32(int field, float value) {
    tag(field, 5);
    ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    add(buffer.putFloat(value).array());
  }

  /** A field of text. */
  public void string(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A field of raw little-endian floats: {@code values[offset ... offset + count - 1]}. */
  public void floats(int field, float[] values, int offset, int count) {
    tag(field, 2);
    long bytes = (long) count * Float.BYTES;
    varint(bytes);
    chunks.add(out -> writeFloats(values, offset, count, out));
    length += bytes;
  }

  /** A field of bytes. */
  public void bytes(int field, byte[] value) {
    tag(field, 2);
    varint(value.length);
    add(value);
  }

  /** A field of another message. */
  public void message(int field, ProtoMessage value) {
    tag(field, 2);
    varint(value.length);
    chunks.addAll(value.chunks);
    length += value.length;
  }

  /** Writes the message. */
  public void writeTo(OutputStream out) throws IOException {
    for (Chunk chunk : chunks) {
      chunk.writeTo(out);
    }
  }

  /** The number of bytes. */
  public long length() {
    return length;
  }

  private void tag(int field, int wireType) {
    varint(field * 8L + wireType);
  }

  private void varint(long value) {
    int size = Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ((value >>> (7 * i)) | (i < size - 1 ? 128 : 0));
    }
    bytes[size - 1] &= 127;
    add(bytes);
  }

  private void add(byte[] chunk) {
    chunks.add(out -> out.write(chunk));
    length += chunk.length;
  }

  private static void writeFloats(float[] values, int offset, int count, OutputStream out)
      throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate(FLOATS_AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < count; done += FLOATS_AT_ONCE) {
      int piece = Math.min(FLOATS_AT_ONCE, count - done);
      buffer.asFloatBuffer().put(values, offset + done, piece);
      out.write(buffer.array(), 0, piece * Float.BYTES);
    }
  }
}

package ernie4j.bench.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A protobuf message under construction: a list of byte chunks and their total length. Nested
 * messages are taken over by reference, so a tensor's bytes exist once however deep they lie.
 */
final class ProtoMessage {
  private final List<byte[]> chunks = new ArrayList<>();
  private long length;

  void integer(int field, long value) {
    tag(field, 0);
    varint(value);
  }

  void float32(int field, float value) {
    tag(field, 5);
    add(littleEndian(new float[] {value}, 0, 1));
  }

  void string(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A field of raw little-endian floats: {@code values[offset ... offset + count - 1]}. */
  void floats(int field, float[] values, int offset, int count) {
    bytes(field, littleEndian(values, offset, count));
  }

  void message(int field, ProtoMessage value) {
    tag(field, 2);
    varint(value.length);
    chunks.addAll(value.chunks);
    length += value.length;
  }

  void writeTo(OutputStream out) throws IOException {
    for (byte[] chunk : chunks) {
      out.write(chunk);
    }
  }

  /** The number of bytes. */
  long length() {
    return length;
  }

  void bytes(int field, byte[] value) {
    tag(field, 2);
    varint(value.length);
    add(value);
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
    chunks.add(chunk);
    length += chunk.length;
  }

  private static byte[] littleEndian(float[] values, int offset, int count) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(count, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values, offset, count);
    return buffer.array();
  }
}

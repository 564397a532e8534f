package ernie4j.zoo.pickle;

import ernie4j.engine.Int8Tensor;
import ernie4j.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a dict as a pickle of protocol 4, as Python's {@code pickle.load} with NumPy (1 or 2)
 * reads it. Values are texts, tensors (float32 arrays), int8 tensors (int8 arrays) and dicts of
 * these.
 */
public final class PickleWriter {
  private static final int BUFFER = 1 << 16;

  private final WritableByteChannel out;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, Integer> memo = new HashMap<>();

  private PickleWriter(WritableByteChannel out) {
    this.out = out;
  }

  /**
   * Writes a dict.
   *
   * @throws IllegalArgumentException if a value is of another kind
   */
  public static void write(WritableByteChannel out, Map<String, ?> dict) throws IOException {
    PickleWriter writer = new PickleWriter(out);
    writer.bytes(0x80, 4);
    writer.dict(dict);
    writer.bytes('.');
    writer.flush();
  }

  private void dict(Map<?, ?> dict) throws IOException {
    bytes('}', '(');
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      text(entry.getKey().toString());
      value(entry.getValue());
    }
    bytes('u');
  }

  private void value(Object value) throws IOException {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Map<?, ?> dict) {
      dict(dict);
    } else if (value instanceof Tensor tensor) {
      startArray(tensor.shape(), "f4", '<', (long) tensor.size() * Float.BYTES);
      floats(FloatBuffer.wrap(tensor.data(), tensor.offset(), tensor.size()));
      bytes('t', 'b');
    } else if (value instanceof Int8Tensor tensor) {
      startArray(tensor.shape(), "i1", '|', tensor.size());
      flush();
      writeAll(ByteBuffer.wrap(tensor.codes()));
      bytes('t', 'b');
    } else {
      throw new IllegalArgumentException("PickleWriter: cannot write a " + value.getClass());
    }
  }

  /** Everything of an array up to its bytes, with the mark of its state on the stack. */
  private void startArray(int[] shape, String type, char order, long byteSize) throws IOException {
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray");
    bytes('K', 0, 0x85, 'C', 1, 'b', 0x87, 'R');
    bytes('(', 'K', 1);
    bytes('(');
    for (int dimension : shape) {
      integer(dimension);
    }
    bytes('t');
    if (!recalled(type)) {
      global("numpy", "dtype");
      text(type);
      bytes(0x89, 0x88, 0x87, 'R');
      bytes('(', 'K', 3);
      text(String.valueOf(order));
      bytes('N', 'N', 'N');
      integer(-1);
      integer(-1);
      bytes('K', 0, 't', 'b');
      remember(type);
    }
    bytes(0x89);
    if (byteSize >>> 32 == 0) {
      bytes('B');
      room(4).putInt((int) byteSize);
    } else {
      bytes(0x8e);
      room(8).putLong(byteSize);
    }
  }

  private void global(String module, String name) throws IOException {
    String key = module + "." + name;
    if (!recalled(key)) {
      text(module);
      text(name);
      bytes(0x93);
      remember(key);
    }
  }

  private boolean recalled(String key) throws IOException {
    Integer place = memo.get(key);
    if (place != null) {
      bytes('h', place);
    }
    return place != null;
  }

  private void remember(String key) throws IOException {
    memo.put(key, memo.size());
    bytes(0x94);
  }

  private void integer(int value) throws IOException {
    bytes('J');
    room(4).putInt(value);
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes('X');
    room(4).putInt(utf8.length);
    flush(); // a text may be longer than the buffer
    writeAll(ByteBuffer.wrap(utf8));
  }

  private void floats(FloatBuffer values) throws IOException {
    flush();
    while (values.hasRemaining()) {
      int count = Math.min(values.remaining(), BUFFER / Float.BYTES);
      FloatBuffer part = values.slice(values.position(), count);
      buffer.asFloatBuffer().put(part);
      buffer.position(count * Float.BYTES);
      values.position(values.position() + count);
      flush();
    }
  }

  private void bytes(int... values) throws IOException {
    for (int value : values) {
      room(1).put((byte) value);
    }
  }

  private ByteBuffer room(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private void flush() throws IOException {
    writeAll(buffer.flip());
    buffer.clear();
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}

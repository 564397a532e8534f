package ernie4j.zoo.pickle;

import ernie4j.engine.Tensor;
import ernie4j.zoo.conversion.BinaryOutput;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a dict as a pickle of protocol 4, as Python's {@code pickle.load} with NumPy (1 or 2)
 * reads it. Values are texts, truth values, tensors (float32 arrays) and dicts of these.
 */
public final class PickleWriter {
  private static final String FLOAT = "f4";

  private final BinaryOutput out;
  private final Map<String, Integer> memo = new HashMap<>();

  private PickleWriter(WritableByteChannel out) {
    this.out = new BinaryOutput(out);
  }

  /**
   * Writes a dict.
   *
   * @throws IllegalArgumentException if a value is of another kind
   */
  public static void write(WritableByteChannel out, Map<String, ?> dict) throws IOException {
    PickleWriter writer = new PickleWriter(out);
    writer.out.bytes(0x80, 4);
    writer.dict(dict);
    writer.out.bytes('.');
    writer.out.flush();
  }

  private void dict(Map<?, ?> dict) throws IOException {
    out.bytes('}', '(');
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      text(entry.getKey().toString());
      value(entry.getValue());
    }
    out.bytes('u');
  }

  private void value(Object value) throws IOException {
    if (value instanceof String text) {
      text(text);
    } else if (value instanceof Boolean flag) {
      out.bytes(flag ? 0x88 : 0x89);
    } else if (value instanceof Map<?, ?> dict) {
      dict(dict);
    } else if (value instanceof Tensor tensor) {
      startArray(tensor.shape(), (long) tensor.size() * Float.BYTES);
      out.floats(tensor.data(), tensor.offset(), tensor.size());
      out.bytes('t', 'b');
    } else {
      throw new IllegalArgumentException("PickleWriter: cannot write a " + value.getClass());
    }
  }

  /** Writes everything of an array up to its bytes, with the mark of its state on the stack. */
  private void startArray(int[] shape, long byteSize) throws IOException {
    global("numpy.core.multiarray", "_reconstruct");
    global("numpy", "ndarray");
    out.bytes('K', 0, 0x85, 'C', 1, 'b', 0x87, 'R');
    out.bytes('(', 'K', 1);
    out.bytes('(');
    for (int dimension : shape) {
      integer(dimension);
    }
    out.bytes('t');
    if (!recalled(FLOAT)) {
      global("numpy", "dtype");
      text(FLOAT);
      out.bytes(0x89, 0x88, 0x87, 'R');
      out.bytes('(', 'K', 3);
      text("<");
      out.bytes('N', 'N', 'N');
      integer(-1);
      integer(-1);
      out.bytes('K', 0, 't', 'b');
      remember(FLOAT);
    }
    out.bytes(0x89);
    if (byteSize >>> 32 == 0) {
      out.bytes('B');
      out.int32((int) byteSize);
    } else {
      out.bytes(0x8e);
      out.int64(byteSize);
    }
  }

  private void global(String module, String name) throws IOException {
    String key = module + "." + name;
    if (!recalled(key)) {
      text(module);
      text(name);
      out.bytes(0x93);
      remember(key);
    }
  }

  private boolean recalled(String key) throws IOException {
    Integer place = memo.get(key);
    if (place != null) {
      out.bytes('h', place);
    }
    return place != null;
  }

  private void remember(String key) throws IOException {
    memo.put(key, memo.size());
    out.bytes(0x94);
  }

  private void integer(int value) throws IOException {
    out.bytes('J');
    out.int32(value);
  }

  private void text(String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.bytes('X');
    out.int32(utf8.length);
    out.raw(utf8);
  }
}

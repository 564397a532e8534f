package ernie4j.engine.file;

import ernie4j.engine.kernels.Bfloat16;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * Decodes the little-endian bytes of one tensor from a stream, in chunks: besides the result only
 * one small buffer is needed.
 */
final class TensorData {
  private static final int CHUNK = 1 << 16;
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private static final Set<DType> FLOATING = Set.of(DType.F16, DType.BF16, DType.F32, DType.F64);
  private static final Set<DType> WHOLE =
      Set.of(DType.BOOL, DType.U8, DType.I8, DType.U16, DType.I16, DType.U32, DType.I32, DType.I64);
  private static final Set<DType> ONE_BYTE =
      Set.of(DType.BOOL, DType.U8, DType.I8, DType.F8_E4M3, DType.F8_E5M2);

  private final InputStream in;
  private final String file;

  TensorData(InputStream in, String file) {
    this.in = in;
    this.file = file;
  }

  float[] floats(SafetensorsEntry entry) throws IOException {
    require(entry, FLOATING);
    int count = count(entry);
    float[] values = new float[count];
    int done = 0;
    for (ByteBuffer chunk = chunk(entry, 0); done < count; chunk = chunk(entry, done)) {
      int next = done + chunk.remaining() / entry.type().bytes();
      switch (entry.type()) {
        case F32 -> chunk.asFloatBuffer().get(values, done, next - done);
        case F64 -> {
          for (int i = done; i < next; i++) {
            values[i] = (float) chunk.getDouble();
          }
        }
        case F16 -> {
          for (int i = done; i < next; i++) {
            values[i] = HalfFloats.float16(chunk.getShort());
          }
        }
        case BF16 -> {
          for (int i = done; i < next; i++) {
            values[i] = Bfloat16.widen(chunk.getShort());
          }
        }
        default -> throw new AssertionError(entry.type());
      }
      done = next;
    }
    return values;
  }

  double[] doubles(SafetensorsEntry entry) throws IOException {
    if (entry.type() != DType.F64) {
      float[] floats = floats(entry);
      double[] values = new double[floats.length];
      Arrays.setAll(values, i -> floats[i]);
      return values;
    }
    double[] values = new double[count(entry)];
    for (int done = 0; done < values.length; ) {
      ByteBuffer chunk = chunk(entry, done);
      int length = chunk.remaining() / Double.BYTES;
      chunk.asDoubleBuffer().get(values, done, length);
      done += length;
    }
    return values;
  }

  long[] longs(SafetensorsEntry entry) throws IOException {
    require(entry, WHOLE);
    long[] values = new long[count(entry)];
    for (int done = 0; done < values.length; ) {
      ByteBuffer chunk = chunk(entry, done);
      int next = done + chunk.remaining() / entry.type().bytes();
      for (; done < next; done++) {
        values[done] =
            switch (entry.type()) {
              case I64 -> chunk.getLong();
              case I32 -> chunk.getInt();
              case U32 -> Integer.toUnsignedLong(chunk.getInt());
              case I16 -> chunk.getShort();
              case U16 -> Short.toUnsignedLong(chunk.getShort());
              case I8 -> chunk.get();
              case U8, BOOL -> Byte.toUnsignedLong(chunk.get());
              default -> throw new AssertionError(entry.type());
            };
      }
    }
    return values;
  }

  byte[] bytes(SafetensorsEntry entry) throws IOException {
    require(entry, ONE_BYTE);
    byte[] values = new byte[count(entry)];
    if (StreamBytes.fill(in, values, 0) < values.length) {
      throw cutOff(entry);
    }
    return values;
  }

  private int count(SafetensorsEntry entry) throws ModelFileException {
    return count(entry, file);
  }

  /** The number of elements, which must fit into an array. */
  static int count(SafetensorsEntry entry, String file) throws ModelFileException {
    if (entry.elementCount() > MAX_ARRAY) {
      throw new ModelFileException(
          file,
          String.format(
              "tensor %s has %d elements, a Java array holds at most %d",
              entry, entry.elementCount(), MAX_ARRAY));
    }
    return (int) entry.elementCount();
  }

  /** The next bytes of a tensor of which some elements are already read; empty at its end. */
  private ByteBuffer chunk(SafetensorsEntry entry, int elementsDone) throws IOException {
    long left = entry.byteSize() - (long) elementsDone * entry.type().bytes();
    byte[] bytes = StreamBytes.upTo(in, (int) Math.min(left, CHUNK));
    if (bytes.length < Math.min(left, CHUNK)) {
      throw cutOff(entry);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ModelFileException cutOff(SafetensorsEntry entry) {
    return new ModelFileException(
        file,
        String.format("the file is cut off in tensor %s of %d bytes", entry, entry.byteSize()));
  }

  private void require(SafetensorsEntry entry, Set<DType> types) throws ModelFileException {
    if (!types.contains(entry.type())) {
      throw new ModelFileException(
          file, String.format("tensor %s: expected one of %s", entry, new TreeSet<>(types)));
    }
  }
}

package ernie4j.engine.file;

import ernie4j.engine.ParameterSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The F32 and I8 tensors of an open model file. Values go from the file through one small buffer
 * per thread to where they are wanted; nothing is kept.
 */
final class FileParameters implements ParameterSource, AutoCloseable {
  private final String file;
  private final DataSection data;
  private final Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
  private final Map<String, int[]> shapes = new LinkedHashMap<>();
  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(DataSection.PIECE).order(ByteOrder.LITTLE_ENDIAN));
  private volatile boolean closed;

  /**
   * @throws ModelFileException if a tensor is of another type or larger than an array
   */
  FileParameters(String file, List<SafetensorsEntry> entries, DataSection data)
      throws ModelFileException {
    this.file = file;
    this.data = data;
    for (SafetensorsEntry entry : entries) {
      if (entry.type() != DType.F32 && entry.type() != DType.I8) {
        throw new ModelFileException(
            file,
            "tensor %s: format version %d holds F32 and I8 only"
                .formatted(entry, ModelFile.VERSION));
      }
      this.entries.put(entry.name(), entry);
      shapes.put(entry.name(), SafetensorsFile.shape(entry, file));
    }
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  @Override
  public int[] shape(String name) {
    entry(name);
    return Objects.requireNonNull(shapes.get(name)).clone();
  }

  @Override
  public boolean isInt8(String name) {
    return entry(name).type() == DType.I8;
  }

  @Override
  public void read(String name, int offset, int count, float[] into, int to) {
    if (isInt8(name)) {
      throw ParameterSource.notFloat(name);
    }
    Objects.checkFromIndexSize(to, count, into.length);
    read(
        name,
        offset,
        count,
        (buffer, done, values) -> buffer.asFloatBuffer().get(into, to + done, values));
  }

  @Override
  public void readCodes(String name, int offset, int count, byte[] into, int to) {
    if (!isInt8(name)) {
      ParameterSource.super.readCodes(name, offset, count, into, to);
    }
    Objects.checkFromIndexSize(to, count, into.length);
    read(name, offset, count, (buffer, done, values) -> buffer.get(into, to + done, values));
  }

  /** Takes so many values from a buffer after some others. */
  private interface Piece {
    void take(ByteBuffer buffer, int done, int values);
  }

  private void read(String name, int offset, int count, Piece piece) {
    SafetensorsEntry entry = entry(name);
    Objects.checkFromIndexSize(offset, count, (int) entry.elementCount());
    if (closed) {
      throw new IllegalStateException(
          "%s: parameter '%s' was asked for after the file was closed; take everything from a model within ModelFile.load, or use ModelFile.read"
              .formatted(file, name));
    }
    int size = entry.type().bytes();
    ByteBuffer buffer = buffers.get();
    int step = buffer.capacity() / size;
    try {
      for (int done = 0; done < count; ) {
        int values = Math.min(step, count - done);
        buffer.clear().limit(values * size);
        data.read(entry.begin() + ((long) offset + done) * size, buffer);
        if (buffer.hasRemaining()) {
          throw new ModelFileException(
              file,
              "the file is cut off in tensor %s of %d bytes".formatted(entry, entry.byteSize()));
        }
        piece.take(buffer.flip(), done, values);
        done += values;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SafetensorsEntry entry(String name) {
    SafetensorsEntry entry = entries.get(name);
    if (entry == null) {
      throw missing(name);
    }
    return entry;
  }

  private IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(
        "%s: the model has no parameter '%s' (it has %d parameters)"
            .formatted(file, name, entries.size()));
  }

  /** Every later {@link #read} is refused. */
  @Override
  public void close() {
    closed = true;
  }
}

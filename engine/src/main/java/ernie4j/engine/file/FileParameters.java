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
 * The F32 tensors of an open model file. Values go from the file through one small buffer per
 * thread to where they are wanted; nothing is kept.
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
      if (entry.type() != DType.F32) {
        throw new ModelFileException(
            file,
            "tensor %s: format version %d holds F32 only".formatted(entry, ModelFile.VERSION));
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
    int[] shape = shapes.get(name);
    if (shape == null) {
      throw missing(name);
    }
    return shape.clone();
  }

  @Override
  public void read(String name, int offset, int count, float[] into, int to) {
    SafetensorsEntry entry = entries.get(name);
    if (entry == null) {
      throw missing(name);
    }
    Objects.checkFromIndexSize(offset, count, (int) entry.elementCount());
    Objects.checkFromIndexSize(to, count, into.length);
    if (closed) {
      throw new IllegalStateException(
          "%s: parameter '%s' was asked for after the file was closed; take everything from a model within ModelFile.load, or use ModelFile.read"
              .formatted(file, name));
    }
    try {
      read(entry, entry.begin() + (long) offset * Float.BYTES, count, into, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(SafetensorsEntry entry, long position, int count, float[] into, int to)
      throws IOException {
    ByteBuffer buffer = buffers.get();
    int step = buffer.capacity() / Float.BYTES;
    for (int done = 0; done < count; ) {
      int values = Math.min(step, count - done);
      buffer.clear().limit(values * Float.BYTES);
      data.read(position + (long) done * Float.BYTES, buffer);
      if (buffer.hasRemaining()) {
        throw new ModelFileException(
            file,
            "the file is cut off in tensor %s of %d bytes".formatted(entry, entry.byteSize()));
      }
      buffer.flip().asFloatBuffer().get(into, to + done, values);
      done += values;
    }
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

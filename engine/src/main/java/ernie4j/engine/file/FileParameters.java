package ernie4j.engine.file;

import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.Weight;
import ernie4j.engine.WeightType;
import ernie4j.engine.kernels.Bfloat16;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The F32, BF16 and I8 tensors of an open model file. Values are copied from the file through one
 * small buffer per thread to their destination; nothing is kept.
 */
final class FileParameters implements ParameterSource, AutoCloseable {
  private final String file;
  private final DataSection data;
  private final Map<String, Weight> weights = new LinkedHashMap<>();
  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(DataSection.PIECE).order(ByteOrder.LITTLE_ENDIAN));
  private volatile boolean closed;

  /**
   * @throws ModelFileException if a tensor is of another type or larger than an array, or there are
   *     int8 codes without scales or dictionary
   */
  FileParameters(String file, List<SafetensorsEntry> entries, DataSection data)
      throws ModelFileException {
    this.file = file;
    this.data = data;
    Map<String, SafetensorsEntry> byName = new LinkedHashMap<>();
    Map<String, SafetensorsEntry> codes = new HashMap<>();
    for (SafetensorsEntry entry : entries) {
      if (entry.type() != DType.F32 && entry.type() != DType.BF16 && entry.type() != DType.I8) {
        throw new ModelFileException(
            file,
            String.format(
                "tensor %s: format version %d holds F32, BF16 and I8 only",
                entry, ModelFile.VERSION));
      }
      byName.put(entry.name(), entry);
    }
    for (SafetensorsEntry entry : entries) {
      if (entry.type() == DType.I8) {
        if (!entry.name().endsWith(".weight")) {
          throw new ModelFileException(
              file,
              String.format("tensor %s holds int8 codes, expected a name in '.weight'", entry));
        }
        codes.put(Coding.of(entry.name(), byName::containsKey).companion(entry.name()), entry);
      }
    }
    // Codes take the place of their scales or dictionary, so that a copy has the file's order.
    for (SafetensorsEntry entry : entries) {
      SafetensorsEntry of = entry.type() == DType.F32 ? codes.remove(entry.name()) : null;
      if (of != null) {
        Coding coding = Coding.of(of.name(), byName::containsKey);
        weights.put(of.name(), new Codes(values(of), coding, values(entry)));
      } else if (entry.type() == DType.F32) {
        weights.put(entry.name(), new Floats(values(entry)));
      } else if (entry.type() == DType.BF16) {
        weights.put(entry.name(), new Bfloats(values(entry)));
      }
    }
    for (Map.Entry<String, SafetensorsEntry> missing : codes.entrySet()) {
      throw new ModelFileException(
          file,
          String.format(
              "tensor %s holds int8 codes, but there is no '%s' to decode them with",
              missing.getValue(), missing.getKey()));
    }
  }

  private Values values(SafetensorsEntry entry) throws ModelFileException {
    return new Values(entry, SafetensorsFile.shape(entry, file));
  }

  @Override
  public Map<String, Weight> weights() {
    return Collections.unmodifiableMap(weights);
  }

  @Override
  public Weight weight(String name) {
    if (!contains(name)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the model has no parameter '%s' (it has %d parameters)", file, name, size()));
    }
    return ParameterSource.super.weight(name);
  }

  /** A tensor of the file. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Values(SafetensorsEntry entry, int[] shape) {
    int size() {
      return (int) entry.elementCount();
    }
  }

  /** A parameter whose elements are one tensor of the file. */
  private abstract static class Stored implements Weight {
    final Values values;
    private final WeightType type;

    Stored(Values values, WeightType type) {
      this.values = values;
      this.type = type;
    }

    @Override
    public WeightType type() {
      return type;
    }

    @Override
    public int[] shape() {
      return values.shape.clone();
    }
  }

  private final class Floats extends Stored {
    Floats(Values values) {
      super(values, WeightType.FLOAT32);
    }

    @Override
    public Tensor inMemory() {
      Tensor tensor = Tensor.zeros(values.shape);
      read(0, tensor.size(), tensor.data(), 0);
      return tensor;
    }

    @Override
    public void read(int offset, int count, float[] into, int to) {
      Objects.checkFromIndexSize(to, count, into.length);
      FileParameters.this.read(
          values,
          offset,
          count,
          (buffer, done, n) -> buffer.asFloatBuffer().get(into, to + done, n));
    }
  }

  private final class Bfloats extends Stored {
    Bfloats(Values values) {
      super(values, WeightType.BFLOAT16);
    }

    @Override
    public Bfloat16Weight inMemory() {
      short[] numbers = new short[values.size()];
      FileParameters.this.read(
          values,
          0,
          numbers.length,
          (buffer, done, n) -> buffer.asShortBuffer().get(numbers, done, n));
      return new Bfloat16Weight(numbers, values.shape);
    }

    @Override
    public void read(int offset, int count, float[] into, int to) {
      Objects.checkFromIndexSize(to, count, into.length);
      FileParameters.this.read(
          values,
          offset,
          count,
          (buffer, done, n) -> {
            for (int i = to + done; i < to + done + n; i++) {
              into[i] = Bfloat16.widen(buffer.getShort());
            }
          });
    }
  }

  private final class Codes extends Stored {
    private final Coding coding;
    private final Floats worth;

    Codes(Values codes, Coding coding, Values worth) {
      super(codes, WeightType.INT8);
      this.coding = coding;
      this.worth = new Floats(worth);
    }

    @Override
    public Int8Weight inMemory() {
      byte[] bytes = new byte[values.size()];
      FileParameters.this.read(
          values, 0, bytes.length, (buffer, done, n) -> buffer.get(bytes, done, n));
      try {
        return new Int8Weight(bytes, coding, worth.inMemory().data(), values.shape);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            String.format("Parameter '%s': %s", values.entry.name(), e.getMessage()), e);
      }
    }
  }

  /** Takes a number of values from a buffer, after {@code done} earlier ones. */
  private interface Piece {
    void take(ByteBuffer buffer, int done, int values);
  }

  private void read(Values values, int offset, int count, Piece piece) {
    SafetensorsEntry entry = values.entry;
    Objects.checkFromIndexSize(offset, count, values.size());
    if (closed) {
      throw new IllegalStateException(
          String.format(
              "%s: parameter '%s' was asked for after the file was closed; take everything from a model within ModelFile.load, or use ModelFile.read",
              file, entry.name()));
    }
    int size = entry.type().bytes();
    ByteBuffer buffer = buffers.get();
    int step = buffer.capacity() / size;
    try {
      for (int done = 0; done < count; ) {
        int next = Math.min(step, count - done);
        buffer.clear().limit(next * size);
        data.read(entry.begin() + ((long) offset + done) * size, buffer);
        if (buffer.hasRemaining()) {
          throw new ModelFileException(
              file,
              String.format(
                  "the file is cut off in tensor %s of %d bytes", entry, entry.byteSize()));
        }
        piece.take(buffer.flip(), done, next);
        done += next;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every later {@link Weight#read} fails. */
  @Override
  public void close() {
    closed = true;
  }
}

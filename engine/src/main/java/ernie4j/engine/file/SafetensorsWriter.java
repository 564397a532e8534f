package ernie4j.engine.file;

import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Collects tensors and writes them as one safetensors file.
 *
 * <pre>{@code
 * new SafetensorsWriter().metadata("format", "pd").add("bias", tensor).write(path);
 * }</pre>
 *
 * <p>The same calls always give the same bytes. Tensors are written in the order in which they were
 * added, those with wider elements first, so that every value is aligned; the data section begins
 * at a multiple of 64 bytes. Arrays are not copied and must not change until the file is written.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 64;
  private static final int CHUNK = 1 << 16;

  private final Map<String, String> metadata = new TreeMap<>();
  private final List<Content> contents = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /** Creates a writer without tensors or metadata. */
  public SafetensorsWriter() {}

  /** Puts elements {@code [from, from + count)} of a tensor into a little-endian buffer. */
  private interface Encoder {
    void encode(ByteBuffer target, int from, int count);
  }

  private record Content(String name, DType type, List<Long> shape, int count, Encoder encoder) {}

  /** Takes the data section, one piece after the other. */
  interface Sink {
    void accept(ByteBuffer piece) throws IOException;
  }

  /**
   * Sets one string of {@code __metadata__}, replacing an earlier one of that key.
   *
   * @param key the key
   * @param value the string
   * @return this writer
   */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds an F32 tensor.
   *
   * @param name the name of the tensor
   * @param tensor the values and the shape; not copied
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or reserved
   */
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(
        name,
        DType.F32,
        tensor.shape(),
        tensor.size(),
        (target, from, count) ->
            target.asFloatBuffer().put(tensor.data(), tensor.offset() + from, count));
  }

  /**
   * Adds a BF16 tensor.
   *
   * @param name the name of the tensor
   * @param weight the values and the shape; not copied
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or reserved
   */
  public SafetensorsWriter add(String name, Bfloat16Weight weight) {
    return add(
        name,
        DType.BF16,
        weight.shape(),
        weight.size(),
        (target, from, count) -> target.asShortBuffer().put(weight.values(), from, count));
  }

  /**
   * Adds an I8 tensor.
   *
   * @param name the name of the tensor
   * @param values the values, row-major; not copied
   * @param shape the dimensions; none for a single value
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or reserved, or the shape does not fit
   *     the values
   */
  public SafetensorsWriter add(String name, byte[] values, int... shape) {
    return add(
        name, DType.I8, shape, values.length, (t, from, count) -> t.put(values, from, count));
  }

  /**
   * Adds an I32 tensor.
   *
   * @param name the name of the tensor
   * @param values the values, row-major; not copied
   * @param shape the dimensions; none for a single value
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or reserved, or the shape does not fit
   *     the values
   */
  public SafetensorsWriter add(String name, int[] values, int... shape) {
    return add(
        name,
        DType.I32,
        shape,
        values.length,
        (target, from, count) -> target.asIntBuffer().put(values, from, count));
  }

  /**
   * Adds an I64 tensor.
   *
   * @param name the name of the tensor
   * @param values the values, row-major; not copied
   * @param shape the dimensions; none for a single value
   * @return this writer
   * @throws IllegalArgumentException if the name is taken or reserved, or the shape does not fit
   *     the values
   */
  public SafetensorsWriter add(String name, long[] values, int... shape) {
    return add(
        name,
        DType.I64,
        shape,
        values.length,
        (target, from, count) -> target.asLongBuffer().put(values, from, count));
  }

  private SafetensorsWriter add(String name, DType type, int[] shape, int count, Encoder encoder) {
    List<Long> dimensions =
        Arrays.stream(shape).asLongStream().boxed().collect(Collectors.toList());
    long elements = 1;
    for (int dimension : shape) {
      elements = dimension < 0 ? -1 : Math.multiplyExact(elements, (long) dimension);
    }
    if (elements != count) {
      throw new IllegalArgumentException(
          String.format(
              "SafetensorsWriter: '%s' has %d values, but shape %s", name, count, dimensions));
    }
    if (name.equals(SafetensorsHeader.METADATA) || !names.add(name)) {
      throw new IllegalArgumentException(
          "SafetensorsWriter: the name '" + name + "' is already taken");
    }
    contents.add(new Content(name, type, dimensions, count, encoder));
    contents.sort(Comparator.comparingInt(content -> -content.type.bytes()));
    return this;
  }

  /**
   * Adds the hashes of the data and of everything else to the metadata, for {@link
   * SafetensorsFile#requireIntact}. Nothing may be added afterwards.
   *
   * @return this writer
   * @throws IOException never, as nothing is written yet
   */
  public SafetensorsWriter recordHashes() throws IOException {
    MessageDigest hash = Sha256.start();
    writeData(hash::update);
    metadata.put(RecordedHashes.DATA, Sha256.hex(hash));
    metadata.put(RecordedHashes.HEADER, RecordedHashes.ofHeader(metadata, entries()));
    return this;
  }

  /**
   * Writes the file. The data goes to a temporary file in the same folder, which then replaces the
   * target in one step. If anything fails, an existing file stays unchanged.
   *
   * @param target the file to write; replaced if it exists
   * @throws IllegalArgumentException if a name or metadata string is not valid Unicode, or the
   *     header is larger than readers accept
   * @throws IOException if the file cannot be written
   */
  public void write(Path target) throws IOException {
    ByteBuffer header = header();
    AtomicFile.write(
        target,
        channel -> {
          writeFully(channel, header);
          writeData(piece -> writeFully(channel, piece));
        });
  }

  /** The entries of the header, in the order of their data. */
  List<SafetensorsEntry> entries() {
    List<SafetensorsEntry> entries = new ArrayList<>();
    long begin = 0;
    for (Content content : contents) {
      long end = begin + (long) content.count * content.type.bytes();
      entries.add(new SafetensorsEntry(content.name, content.type, content.shape, begin, end));
      begin = end;
    }
    return entries;
  }

  /** Hands over the data section. */
  void writeData(Sink sink) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (Content content : contents) {
      int step = CHUNK / content.type.bytes();
      for (int from = 0; from < content.count; from += Math.min(step, content.count - from)) {
        int count = Math.min(step, content.count - from);
        chunk.clear().limit(count * content.type.bytes());
        content.encoder.encode(chunk.duplicate().order(ByteOrder.LITTLE_ENDIAN), from, count);
        sink.accept(chunk);
      }
    }
  }

  private ByteBuffer header() {
    ByteBuffer json = utf8(json());
    int length = json.remaining();
    int padded = length + Math.floorMod(-(SafetensorsHeader.LENGTH_BYTES + length), ALIGNMENT);
    if (padded > SafetensorsHeader.MAX_LENGTH) {
      throw new IllegalArgumentException(
          String.format(
              "SafetensorsWriter: the header would have %d bytes, the limit is %d",
              padded, SafetensorsHeader.MAX_LENGTH));
    }
    ByteBuffer header =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private String json() {
    return MetadataJson.text(
        generator -> {
          generator.writeStartObject();
          if (!metadata.isEmpty()) {
            generator.writeFieldName(SafetensorsHeader.METADATA);
            MetadataJson.writeStringMap(generator, metadata);
          }
          for (SafetensorsEntry entry : entries()) {
            generator.writeObjectFieldStart(entry.name());
            generator.writeStringField("dtype", entry.type().name());
            generator.writeFieldName("shape");
            long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
            generator.writeArray(shape, 0, shape.length);
            generator.writeFieldName("data_offsets");
            generator.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
            generator.writeEndObject();
          }
          generator.writeEndObject();
        });
  }

  private static ByteBuffer utf8(String json) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "SafetensorsWriter: a name or metadata string is not valid Unicode (half a surrogate pair)",
          e);
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}

package ernie4j.engine.file;

import ernie4j.engine.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads the tensors of any safetensors file, ours or that of another program.
 *
 * <p>The header is read and checked completely when the file is opened; see {@link #open}. Values
 * are read from the disk on demand, in small chunks. Nothing stays open between calls, so there is
 * nothing to close. Instances are immutable and may be shared between threads.
 *
 * <p>Every method that reads throws {@link ModelFileException} if there is no such tensor, its type
 * is unsuitable, or the file was changed since it was opened.
 */
public final class SafetensorsFile {
  private final Path path;
  private final String file;
  private final long fileSize;
  private final SafetensorsHeader header;
  private final Map<String, SafetensorsEntry> byName = new LinkedHashMap<>();

  private SafetensorsFile(Path path, String file, long fileSize, SafetensorsHeader header) {
    this.path = path;
    this.file = file;
    this.fileSize = fileSize;
    this.header = header;
    header.entries().forEach(entry -> byName.put(entry.name(), entry));
  }

  /**
   * Reads and checks the header.
   *
   * @param path the file
   * @return the opened file
   * @throws ModelFileException if the header length is absurd, the JSON is broken, nested too
   *     deeply or has duplicate names, a type is unknown, a shape and its byte range disagree, byte
   *     ranges overlap or leave holes, or the file is shorter or longer than the header says
   * @throws IOException if the file cannot be read
   */
  public static SafetensorsFile open(Path path) throws IOException {
    String file = path.toString();
    long size = SafetensorsHeader.fileSize(path);
    try (InputStream in = Files.newInputStream(path)) {
      return new SafetensorsFile(
          path, file, size, SafetensorsHeader.read(in, file, OptionalLong.of(size)));
    }
  }

  /**
   * Checks that the file is unchanged since its hashes were recorded ({@link
   * SafetensorsWriter#recordHashes}). Reads all of it.
   *
   * @throws ModelFileException if it was changed or has no hashes
   * @throws IOException if the file cannot be read
   */
  public void requireIntact() throws IOException {
    MessageDigest hash = Sha256.start();
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      channel.position(header.dataStart());
      Sha256.update(hash, Channels.newInputStream(channel));
    }
    Map<String, String> metadata = metadata();
    if (!RecordedHashes.ofHeader(metadata, entries()).equals(metadata.get(RecordedHashes.HEADER))
        || !Sha256.hex(hash).equals(metadata.get(RecordedHashes.DATA))) {
      throw new ModelFileException(
          file, "the file is damaged: its content does not have the recorded SHA-256");
    }
  }

  /**
   * {@return the strings of {@code __metadata__} in file order, unmodifiable; empty if the file has
   * none}
   */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** {@return all tensors in the order of their data, unmodifiable} */
  public List<SafetensorsEntry> entries() {
    return header.entries();
  }

  /**
   * Checks whether there is a tensor of a name.
   *
   * @param name the name of the tensor
   * @return whether the file has it
   */
  public boolean contains(String name) {
    return byName.containsKey(name);
  }

  /**
   * Returns the description of one tensor.
   *
   * @param name the name of the tensor
   * @return its type, shape and place
   * @throws ModelFileException if there is no such tensor
   */
  public SafetensorsEntry entry(String name) throws ModelFileException {
    SafetensorsEntry entry = byName.get(name);
    if (entry == null) {
      throw new ModelFileException(
          file, String.format("there is no tensor '%s' among the %d tensors", name, byName.size()));
    }
    return entry;
  }

  /**
   * Reads a floating-point tensor as floats. F16 and BF16 are widened exactly, F64 is rounded to
   * the nearest float.
   *
   * @param name the name of the tensor
   * @return the values, row-major
   * @throws IOException if the tensor cannot be read, is missing or has another type
   */
  public float[] floats(String name) throws IOException {
    return read(name, TensorData::floats);
  }

  /**
   * Reads a floating-point tensor (F64, F32, F16, BF16) as doubles, exactly.
   *
   * @param name the name of the tensor
   * @return the values, row-major
   * @throws IOException if the tensor cannot be read, is missing or has another type
   */
  public double[] doubles(String name) throws IOException {
    return read(name, TensorData::doubles);
  }

  /**
   * Reads an integer tensor of any width but U64, or BOOL as 0 and 1.
   *
   * @param name the name of the tensor
   * @return the values, row-major
   * @throws IOException if the tensor cannot be read, is missing or has another type
   */
  public long[] longs(String name) throws IOException {
    return read(name, TensorData::longs);
  }

  /**
   * Reads an integer tensor as {@link #longs} does, with values in the range of an int.
   *
   * @param name the name of the tensor
   * @return the values, row-major
   * @throws IOException if the tensor cannot be read, is missing or has another type, or a value
   *     does not fit an int
   */
  public int[] ints(String name) throws IOException {
    long[] longs = longs(name);
    int[] ints = new int[longs.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) longs[i];
      if (ints[i] != longs[i]) {
        throw new ModelFileException(
            file, String.format("tensor %s: value %d does not fit an int", entry(name), longs[i]));
      }
    }
    return ints;
  }

  /**
   * Reads the raw bytes of a tensor with one-byte elements: I8, U8, BOOL or an 8-bit float.
   *
   * @param name the name of the tensor
   * @return the bytes, row-major
   * @throws IOException if the tensor cannot be read, is missing or has another type
   */
  public byte[] bytes(String name) throws IOException {
    return read(name, TensorData::bytes);
  }

  /**
   * Reads a floating-point tensor with its shape, the values as in {@link #floats}.
   *
   * @param name the name of the tensor
   * @return the tensor
   * @throws IOException if the tensor cannot be read, is missing or has another type
   */
  public Tensor tensor(String name) throws IOException {
    return Tensor.of(floats(name), shape(entry(name), file));
  }

  /** The shape of a tensor that fits into one array. */
  static int[] shape(SafetensorsEntry entry, String file) throws ModelFileException {
    TensorData.count(entry, file);
    try {
      return entry.shape().stream().mapToInt(Math::toIntExact).toArray();
    } catch (ArithmeticException e) {
      throw new ModelFileException(file, "tensor " + entry + ": the shape is too large", e);
    }
  }

  private interface Decoder<T> {
    T decode(TensorData data, SafetensorsEntry entry) throws IOException;
  }

  private <T> T read(String name, Decoder<T> decoder) throws IOException {
    SafetensorsEntry entry = entry(name);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != fileSize) {
        throw new ModelFileException(file, "the file was changed since it was opened");
      }
      channel.position(header.dataStart() + entry.begin());
      return decoder.decode(new TensorData(Channels.newInputStream(channel), file), entry);
    }
  }
}

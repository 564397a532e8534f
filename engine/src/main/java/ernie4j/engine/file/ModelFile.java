package ernie4j.engine.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import ernie4j.engine.Bfloat16Weight;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Weight;
import ernie4j.engine.head.WrongTaskException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@link Model}s: one safetensors file each, which any safetensors tool can open.
 *
 * <p>Its {@code __metadata__} holds strings under these keys; those in brackets are JSON texts.
 *
 * <ul>
 *   <li>{@code format}: {@code ernie4j}; {@code format_version}: {@code 1}; {@code needs}: the
 *       first release of ernie4j that reads this version
 *   <li>{@code task}, [{@code config}], [{@code vocabulary}], [{@code labels}], [{@code
 *       tokenizer}], [{@code provenance}], and [{@code options}] if there are any: the parts of the
 *       model
 *   <li>{@code sha256}: the hash of the data section, in hexadecimal digits
 *   <li>{@code header_sha256}: the hash of everything else that counts, namely all other metadata
 *       sorted by key (key, value), then the tensors in the order of their data (name, type and
 *       shape as in {@code F32 [2, 3]}). Each of these strings is hashed as UTF-8, preceded by its
 *       length in bytes as a 4-byte big-endian number
 * </ul>
 *
 * <p>Both hashes are checked whenever a file is loaded, so that a damaged file never becomes a
 * model that answers wrongly.
 */
public final class ModelFile {
  private static final String FORMAT = "ernie4j";
  static final int VERSION = 1;
  private static final String NEEDS = "ernie4j 0.1";

  private ModelFile() {}

  /**
   * Checks whether a safetensors file claims to be a model of this project. It may still be
   * damaged.
   *
   * @param safetensors the file
   * @return whether its metadata says so
   * @throws ModelFileException if it is no safetensors file
   * @throws IOException if the file cannot be read
   */
  public static boolean isModelFile(Path safetensors) throws IOException {
    return FORMAT.equals(SafetensorsFile.open(safetensors).metadata().get("format"));
  }

  /**
   * Opens a model, converts it, for example to an encoder, and closes it.
   *
   * <pre>{@code
   * Encoder encoder = ModelFile.load(path, m -> Encoder.of(m.config(), m.parameters()));
   * }</pre>
   *
   * <p>The parameters of the model that {@code use} receives are read from the file on demand and
   * not kept, so weights are in memory once, in the form in which they are used. Several threads
   * may read them until {@code use} returns. Meanwhile another thread hashes the file; the result
   * of {@code use} is returned only if the hash is right.
   *
   * @param <T> the type of the result
   * @param path the model file
   * @param use makes the result; must not keep the model
   * @return the result of {@code use}
   * @throws ModelFileException if the file is not a safetensors file, not an ernie4j model, of a
   *     newer format version, or damaged, or if its model cannot do what {@code use} needs ({@link
   *     WrongTaskException})
   * @throws IOException if the file cannot be read
   */
  public static <T> T load(Path path, Function<? super Model, ? extends T> use) throws IOException {
    String file = path.toString();
    OptionalLong size = OptionalLong.of(SafetensorsHeader.fileSize(path));
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      SafetensorsHeader header =
          SafetensorsHeader.read(Channels.newInputStream(channel), file, size);
      Metadata metadata = Metadata.check(header, file);
      return load(metadata, header, new ChannelData(channel, header.dataStart()), use);
    } catch (IOException e) {
      throw FileFailure.at(path, e);
    }
  }

  /**
   * Loads a model from a stream, for example a resource of a jar, as {@link #load(Path, Function)}
   * does from a file. The stream is read to its end; the caller closes it.
   *
   * @param <T> the type of the result
   * @param in the bytes of a model file
   * @param nameForMessages what error messages call the stream
   * @param use makes the result; must not keep the model
   * @return the result of {@code use}
   * @throws ModelFileException as {@link #load(Path, Function)}
   * @throws IOException if the stream cannot be read
   */
  public static <T> T load(
      InputStream in, String nameForMessages, Function<? super Model, ? extends T> use)
      throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(in, nameForMessages, OptionalLong.empty());
    Metadata metadata = Metadata.check(header, nameForMessages);
    BufferedData data = BufferedData.read(in, nameForMessages, header);
    if (in.read() >= 0) {
      throw damaged(nameForMessages, "there are trailing bytes");
    }
    return load(metadata, header, data, use);
  }

  /**
   * Reads a whole model into memory, with its parameters in a {@link ParameterStore}: to train,
   * change or convert it.
   *
   * @param path the model file
   * @return the model
   * @throws ModelFileException if the file is damaged, or no model file that this version reads
   * @throws IOException if the file cannot be read
   */
  public static Model read(Path path) throws IOException {
    return load(path, ModelFile::inMemory);
  }

  /**
   * Reads a whole model from a stream, as {@link #read(Path)} does from a file. The stream is read
   * to its end; the caller closes it.
   *
   * @param in the bytes of a model file
   * @param nameForMessages what error messages call the stream
   * @return the model
   * @throws ModelFileException as {@link #read(Path)}
   * @throws IOException if the stream cannot be read
   */
  public static Model read(InputStream in, String nameForMessages) throws IOException {
    return load(in, nameForMessages, ModelFile::inMemory);
  }

  private static Model inMemory(Model model) {
    return model.withParameters(model.config(), ParameterStore.copyOf(model.parameters()));
  }

  /**
   * Writes a model. The same model always gives the same bytes. An existing file is replaced in one
   * step once the new one is complete, and stays unchanged if anything fails.
   *
   * @param path the file to write
   * @param model the model
   * @throws IllegalArgumentException if a name or text of the model is not valid Unicode
   * @throws IOException if the file cannot be written
   */
  public static void write(Path path, Model model) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Map.Entry<String, Weight> parameter : model.parameters().weights().entrySet()) {
      String name = parameter.getKey();
      Weight weight = parameter.getValue().inMemory();
      if (weight instanceof Int8Weight codes) {
        writer.add(name, codes.codes(), codes.shape());
        writer.add(codes.coding().companion(name), codes.companion());
      } else if (weight instanceof Bfloat16Weight numbers) {
        writer.add(name, numbers);
      } else {
        writer.add(name, weight.floats());
      }
    }
    describe(model).forEach(writer::metadata);
    writer.recordHashes().write(path);
  }

  private static Map<String, String> describe(Model model) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put("format_version", Integer.toString(VERSION));
    metadata.put("needs", NEEDS);
    metadata.put("task", model.task());
    metadata.put("config", MetadataJson.text(out -> ConfigJson.write(out, model.config())));
    metadata.put(
        "vocabulary", MetadataJson.text(out -> MetadataJson.writeStrings(out, model.vocabulary())));
    metadata.put("labels", MetadataJson.text(out -> MetadataJson.writeLists(out, model.labels())));
    metadata.put(
        "tokenizer",
        MetadataJson.text(out -> MetadataJson.writeStringMap(out, model.tokenizerOptions())));
    if (!model.options().isEmpty()) {
      metadata.put(
          "options", MetadataJson.text(out -> MetadataJson.writeStringMap(out, model.options())));
    }
    metadata.put(
        "provenance",
        MetadataJson.text(out -> MetadataJson.writeStringMap(out, model.provenance())));
    return metadata;
  }

  private static <T> T load(
      Metadata metadata,
      SafetensorsHeader header,
      DataSection data,
      Function<? super Model, ? extends T> use)
      throws IOException {
    String file = metadata.file;
    String expected = metadata.get(RecordedHashes.DATA);
    try (DataHash hash = DataHash.start(data, header.dataLength());
        FileParameters parameters = new FileParameters(file, header.entries(), data)) {
      Model model = model(metadata, parameters);
      T result;
      try {
        result = use.apply(model);
      } catch (RuntimeException e) {
        // If the file is damaged, that is the cause.
        requireIntact(file, hash, expected, e);
        if (e instanceof WrongTaskException) {
          throw new ModelFileException(file, String.valueOf(e.getMessage()), e);
        }
        throw e;
      }
      requireIntact(file, hash, expected, null);
      return result;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Model model(Metadata metadata, ParameterSource parameters)
      throws ModelFileException {
    EncoderConfig config = metadata.parse("config", ConfigJson::read);
    List<String> vocabulary = metadata.parse("vocabulary", MetadataJson::readStrings);
    Map<String, List<String>> labels = metadata.parse("labels", MetadataJson::readLists);
    Map<String, String> tokenizer = metadata.parse("tokenizer", MetadataJson::readStringMap);
    Map<String, String> provenance = metadata.parse("provenance", MetadataJson::readStringMap);
    Map<String, String> options =
        metadata.has("options") ? metadata.parse("options", MetadataJson::readStringMap) : Map.of();
    String task = metadata.get("task");
    try {
      return new Model(
          config, task, parameters, vocabulary, labels, tokenizer, options, provenance);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          metadata.file, "the parts do not fit together: " + e.getMessage(), e);
    }
  }

  private static void requireIntact(
      String file, DataHash hash, String expected, @Nullable RuntimeException cause)
      throws IOException {
    if (!hash.hex().equals(expected)) {
      ModelFileException damaged =
          damaged(file, "the SHA-256 of the weights is not the recorded " + expected);
      if (cause != null) {
        damaged.addSuppressed(cause);
      }
      throw damaged;
    }
  }

  private static ModelFileException damaged(String file, String problem) {
    return new ModelFileException(
        file, "the file is damaged: " + problem + "; fetch or convert it again");
  }

  /** The metadata of one file, with errors that name the file and the key. */
  private record Metadata(Map<String, String> values, String file) {

    /** The metadata of a model file that this version can read and whose header is undamaged. */
    static Metadata check(SafetensorsHeader header, String file) throws ModelFileException {
      Metadata metadata = new Metadata(header.metadata(), file);
      metadata.requireOurFormat();
      if (!RecordedHashes.ofHeader(header.metadata(), header.entries())
          .equals(metadata.get(RecordedHashes.HEADER))) {
        throw damaged(file, "the header was changed after the file was written");
      }
      return metadata;
    }

    private void requireOurFormat() throws ModelFileException {
      if (!FORMAT.equals(values.get("format"))) {
        throw new ModelFileException(
            file,
            "a safetensors file, but not an ernie4j model (its metadata has no format=ernie4j); use"
                + " `ernie4j convert` to make one of it");
      }
      String version = get("format_version");
      if (!version.equals(Integer.toString(VERSION))) {
        throw new ModelFileException(
            file,
            String.format(
                "the model has format version %s, which needs %s or newer; this ernie4j reads version %d",
                version, values.getOrDefault("needs", "another ernie4j"), VERSION));
      }
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    String get(String key) throws ModelFileException {
      String value = values.get(key);
      if (value == null) {
        throw damaged(file, "its metadata has no '" + key + "'");
      }
      return value;
    }

    <T> T parse(String key, MetadataJson.Reader<T> reader) throws ModelFileException {
      try {
        return MetadataJson.parse(get(key), reader);
      } catch (JsonProcessingException e) {
        throw new ModelFileException(file, "metadata '" + key + "': " + MetadataJson.explain(e), e);
      } catch (IllegalArgumentException e) {
        throw new ModelFileException(file, "metadata '" + key + "': " + e.getMessage(), e);
      }
    }
  }
}

package ernie4j.zoo.huggingface;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.conversion.ZipDamage;
import ernie4j.zoo.pickle.PickleFunction;
import ernie4j.zoo.pickle.Tuple;
import ernie4j.zoo.pickle.Unpickler;
import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A {@code pytorch_model.bin}: a zip file with a pickle of names and shapes and one stored entry
 * for every storage. Nothing in the pickle is executed, nothing in the zip file may be compressed,
 * and every storage that a tensor refers to must have the size and the checksum that the file
 * states. Files of torch before 1.6, which are not zip files, are refused.
 */
final class TorchFile implements Closeable {
  /** The pickle of a model with thousands of tensors has less than a megabyte. */
  private static final long MAX_PICKLE = 64 << 20;

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.FloatStorage", ElementType.FLOAT32,
          "torch.DoubleStorage", ElementType.FLOAT64,
          "torch.HalfStorage", ElementType.FLOAT16,
          "torch.BFloat16Storage", ElementType.BFLOAT16,
          "torch.LongStorage", ElementType.INT64,
          "torch.IntStorage", ElementType.INT32,
          "torch.ShortStorage", ElementType.INT16,
          "torch.CharStorage", ElementType.INT8,
          "torch.ByteStorage", ElementType.UINT8,
          "torch.BoolStorage", ElementType.BOOL);

  private static final List<String> STATE_DICTS =
      List.of("state_dict", "model_state_dict", "model");

  private final String file;
  private final ZipFile zip;
  private final String folder;
  private final Map<String, TorchStorage> storages = new HashMap<>();
  private final Map<String, SourceTensor> tensors = new LinkedHashMap<>();

  private TorchFile(String file, ZipFile zip, String folder) {
    this.file = file;
    this.zip = zip;
    this.folder = folder;
  }

  /**
   * Reads everything but the numbers, which are read as long as the file is open.
   *
   * @throws ModelFileException if the file is of another kind, damaged, or holds something else
   *     than tensors by name
   */
  static TorchFile open(Path path) throws IOException {
    String file = path.toString();
    requireZip(path);
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new ModelFileException(
          file, "the zip file is cut or damaged: " + ZipDamage.reason(e), e);
    }
    try {
      TorchFile torch = new TorchFile(file, zip, folder(file, zip));
      torch.read();
      return torch;
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      zip.close();
      throw new ModelFileException(file, "the zip file is damaged: " + ZipDamage.reason(e), e);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** Whether a zip file has the pickle of torch.save. */
  static boolean isOne(Path path) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return zip.stream().anyMatch(entry -> entry.getName().endsWith("/data.pkl"));
    } catch (ZipException | EOFException | IllegalArgumentException e) {
      throw new ModelFileException(
          path.toString(), "the zip file is cut or damaged: " + ZipDamage.reason(e), e);
    }
  }

  private static void requireZip(Path path) throws IOException {
    byte[] first;
    try (InputStream in = Files.newInputStream(path)) {
      first = in.readNBytes(4);
    }
    if (first.length == 4 && first[0] == 'P' && first[1] == 'K') {
      return;
    }
    boolean pickle = first.length == 4 && (first[0] & 255) == 0x80;
    throw new ModelFileException(
        path.toString(),
        pickle
            ? "this is the format of torch before 1.6; load it with a newer torch and save it again"
                + " with torch.save, or better as safetensors"
            : "expected a zip file of torch.save, got something else");
  }

  /** The folder inside the zip file, with a slash; torch makes exactly one. */
  private static String folder(String file, ZipFile zip) throws ModelFileException {
    List<String> found =
        zip.stream().map(ZipEntry::getName).filter(name -> name.endsWith("/data.pkl")).toList();
    if (found.size() != 1) {
      throw new ModelFileException(
          file,
          "expected one entry */data.pkl, got %d; not a file of torch.save"
              .formatted(found.size()));
    }
    String pickle = found.get(0);
    return pickle.substring(0, pickle.length() - "data.pkl".length());
  }

  private void read() throws IOException {
    if (zip.getEntry(folder + "constants.pkl") != null) {
      throw new ModelFileException(file, "this is a TorchScript program; expected a state dict");
    }
    if (zip.getEntry(folder + "byteorder") != null
        && !new String(bytes("byteorder"), StandardCharsets.US_ASCII).equals("little")) {
      throw new ModelFileException(file, "the numbers are big-endian; save on another machine");
    }
    FileBytes pickle = FileBytes.of(file + "!data.pkl", bytes("data.pkl"));
    Object root = Unpickler.read(pickle, globals(), arguments -> storage(arguments.get(0)));
    if (!(root instanceof Map<?, ?> map)) {
      throw new ModelFileException(file, "expected a dict of tensors, got something else");
    }
    for (Map.Entry<?, ?> entry : stateDict(map).entrySet()) {
      if (entry.getKey() instanceof String name && entry.getValue() instanceof TorchTensor tensor) {
        tensors.put(name, tensor);
      }
    }
    for (TorchStorage storage : storages.values()) {
      storage.checkSum();
    }
  }

  /** The dict of tensors, which training scripts keep beside other things. */
  private static Map<?, ?> stateDict(Map<?, ?> root) {
    for (String name : STATE_DICTS) {
      if (root.get(name) instanceof Map<?, ?> inner) {
        return inner;
      }
    }
    return root;
  }

  /** A small entry. */
  private byte[] bytes(String name) throws IOException {
    ZipEntry entry = stored(folder + name);
    if (entry.getSize() > MAX_PICKLE) {
      throw new ModelFileException(
          file, "'%s' has %d bytes, more than any model needs".formatted(name, entry.getSize()));
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = in.readAllBytes();
      CRC32 sum = new CRC32();
      sum.update(content);
      if (sum.getValue() != entry.getCrc()) {
        throw new ModelFileException(file, "'" + name + "' does not have its checksum: damaged");
      }
      return content;
    }
  }

  /** An entry that must exist and must not be compressed. */
  private ZipEntry stored(String name) throws ModelFileException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ModelFileException(file, "it has no entry '" + name + "'");
    }
    if (entry.getMethod() != ZipEntry.STORED
        || entry.getSize() != entry.getCompressedSize()
        || entry.getSize() < 0
        || entry.getSize() > new File(zip.getName()).length()) {
      throw new ModelFileException(
          file,
          "'%s' is compressed or has no valid size; torch stores everything uncompressed"
              .formatted(name));
    }
    return entry;
  }

  private Map<String, Object> globals() {
    Map<String, Object> globals = new HashMap<>(STORAGES);
    PickleFunction dict = arguments -> new LinkedHashMap<>();
    PickleFunction tensor = TorchFile::tensor;
    PickleFunction parameter = arguments -> arguments.get(0);
    globals.put("collections.OrderedDict", dict);
    globals.put("torch._utils._rebuild_tensor_v2", tensor);
    globals.put("torch._utils._rebuild_parameter", parameter);
    return globals;
  }

  /** The storage of a persistent id ("storage", type, key, location, elements). */
  private Object storage(Object id) {
    if (!(id instanceof Tuple tuple)
        || tuple.items().size() != 5
        || !tuple.items().get(0).equals("storage")
        || !(tuple.items().get(1) instanceof ElementType type)
        || !(tuple.items().get(2) instanceof String key)
        || !(tuple.items().get(4) instanceof Long elements)) {
      throw new IllegalArgumentException("expected the id of a storage");
    }
    TorchStorage known = storages.get(key);
    if (known == null) {
      known = storage(key, type, elements);
      storages.put(key, known);
    }
    if (known.type() != type || known.elements() != elements) {
      throw new IllegalArgumentException("storage '%s' is described twice".formatted(key));
    }
    return known;
  }

  private TorchStorage storage(String key, ElementType type, long elements) {
    try {
      ZipEntry entry = stored(folder + "data/" + key);
      if (elements < 0
          || elements > entry.getSize()
          || elements * type.bytes() != entry.getSize()) {
        throw new IllegalArgumentException(
            "storage '%s' should have %d numbers of type %s, but the entry has %d bytes"
                .formatted(key, elements, type, entry.getSize()));
      }
      return new TorchStorage(file, zip, entry, type, elements);
    } catch (ModelFileException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The arguments are storage, offset, shape, strides and three more that say nothing here. */
  private static Object tensor(List<Object> arguments) {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof TorchStorage storage)
        || !(arguments.get(1) instanceof Long offset)) {
      throw new IllegalArgumentException("expected storage, offset, shape and strides of a tensor");
    }
    List<Long> shape = numbers(arguments.get(2));
    List<Long> strides = numbers(arguments.get(3));
    if (shape.size() != strides.size()) {
      throw new IllegalArgumentException("a tensor's shape and strides differ in length");
    }
    return new TorchTensor(
        storage,
        offset,
        shape.stream().mapToInt(n -> (int) Math.min(n, Integer.MAX_VALUE)).toArray(),
        strides.stream().mapToLong(Long::longValue).toArray());
  }

  private static List<Long> numbers(Object tuple) {
    List<Long> numbers = new ArrayList<>();
    if (tuple instanceof Tuple items && items.items().size() <= 8) {
      for (Object item : items.items()) {
        if (item instanceof Long number && number >= 0) {
          numbers.add(number);
        }
      }
      if (numbers.size() == items.items().size()) {
        return numbers;
      }
    }
    throw new IllegalArgumentException("expected up to eight whole numbers from 0 on");
  }

  /** The tensors by name, in the order of the file. */
  Map<String, SourceTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}

package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.JsonFile;
import ernie4j.zoo.conversion.SafetensorsTensors;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one file, or of several that an index holds together. */
final class SafetensorsWeights {
  private static final String TORCH = ".bin";

  private SafetensorsWeights() {}

  /** The tensors of a file by name. */
  static Map<String, SourceTensor> read(Path file) throws IOException {
    LfsPointer.refuse(file);
    return SafetensorsTensors.read(file);
  }

  /** The tensors of several files, which are open until this is closed. */
  static final class Shards implements Closeable {
    private final Map<String, SourceTensor> tensors = new LinkedHashMap<>();
    private final List<Closeable> files = new ArrayList<>();
    private long bytes;

    /** The size of all files. */
    long bytes() {
      return bytes;
    }

    /** The tensors by name, in the order of the index. */
    Map<String, SourceTensor> tensors() {
      return tensors;
    }

    @Override
    public void close() throws IOException {
      for (Closeable file : files) {
        file.close();
      }
    }
  }

  /**
   * The tensors of a {@code model.safetensors.index.json} or {@code pytorch_model.bin.index.json}.
   *
   * @throws ModelFileException if the index names files outside of its folder, or tensors that are
   *     not where it says
   */
  static Shards readIndex(Path index) throws IOException {
    Shards all = new Shards();
    try {
      read(index, all);
      return all;
    } catch (IOException | RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private static void read(Path index, Shards all) throws IOException {
    LfsPointer.refuse(index);
    JsonNode names = JsonFile.read(index).path("weight_map");
    if (!names.isObject() || names.isEmpty()) {
      throw new ModelFileException(index.toString(), "expected a weight_map of names and files");
    }
    Map<String, Map<String, SourceTensor>> shards = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : names.properties()) {
      String shard = entry.getValue().asText("");
      Map<String, SourceTensor> content = shards.get(shard);
      if (content == null) {
        Path file = shard(index, shard);
        content = read(file, all.files);
        all.bytes += Files.size(file);
        shards.put(shard, content);
      }
      SourceTensor tensor = content.get(entry.getKey());
      if (tensor == null) {
        throw new ModelFileException(
            index.toString(), "tensor '%s' is not in %s".formatted(entry.getKey(), shard));
      }
      all.tensors.put(entry.getKey(), tensor);
    }
  }

  private static Map<String, SourceTensor> read(Path shard, List<Closeable> open)
      throws IOException {
    LfsPointer.refuse(shard);
    if (!shard.toString().endsWith(TORCH)) {
      return read(shard);
    }
    TorchFile torch = TorchFile.open(shard);
    open.add(torch);
    return torch.tensors();
  }

  private static Path shard(Path index, String name) throws ModelFileException {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(safetensors|bin)")) {
      throw new ModelFileException(
          index.toString(), "expected files in the same folder, got '" + name + "'");
    }
    Path shard = index.resolveSibling(name);
    if (!Files.isRegularFile(shard)) {
      throw new ModelFileException(index.toString(), "there is no file " + shard);
    }
    return shard;
  }
}

package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.JsonFile;
import ernie4j.zoo.conversion.SafetensorsTensors;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of one safetensors file, or of several that an index holds together. */
final class SafetensorsWeights {
  private SafetensorsWeights() {}

  /** The tensors of a file by name. */
  static Map<String, SourceTensor> read(Path file) throws IOException {
    LfsPointer.refuse(file);
    return SafetensorsTensors.read(file);
  }

  /**
   * The tensors of a {@code model.safetensors.index.json}.
   *
   * @throws ModelFileException if the index names files outside of its folder, or tensors that are
   *     not where it says
   */
  static Map<String, SourceTensor> readIndex(Path index) throws IOException {
    LfsPointer.refuse(index);
    JsonNode names = JsonFile.read(index).path("weight_map");
    if (!names.isObject() || names.isEmpty()) {
      throw new ModelFileException(index.toString(), "expected a weight_map of names and files");
    }
    Map<String, Map<String, SourceTensor>> shards = new HashMap<>();
    Map<String, SourceTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : names.properties()) {
      String shard = entry.getValue().asText("");
      Map<String, SourceTensor> content = shards.get(shard);
      if (content == null) {
        content = read(shard(index, shard));
        shards.put(shard, content);
      }
      SourceTensor tensor = content.get(entry.getKey());
      if (tensor == null) {
        throw new ModelFileException(
            index.toString(), "tensor '%s' is not in %s".formatted(entry.getKey(), shard));
      }
      tensors.put(entry.getKey(), tensor);
    }
    return tensors;
  }

  private static Path shard(Path index, String name) throws ModelFileException {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*\\.safetensors")) {
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

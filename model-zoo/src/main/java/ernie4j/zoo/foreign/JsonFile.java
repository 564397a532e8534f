package ernie4j.zoo.foreign;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Files that hold one JSON object. */
public final class JsonFile {
  private JsonFile() {}

  /**
   * Reads the object of a file.
   *
   * @throws ModelFileException if it is not JSON, or no object
   */
  public static JsonNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      JsonNode root = new ObjectMapper().readTree(in);
      if (!root.isObject()) {
        throw new ModelFileException(file.toString(), "expected a JSON object");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new ModelFileException(file.toString(), "not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes an object, its keys in the order of the map. */
  public static void write(Path file, Map<String, ?> object) throws IOException {
    AtomicFile.writeText(
        file,
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n");
  }
}

package ernie4j.zoo.conversion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.ModelFileException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that hold one JSON object, or a list. */
public final class JsonFile {
  private JsonFile() {}

  /**
   * Reads the object of a file.
   *
   * @throws ModelFileException if it is not JSON, or no object
   */
  public static JsonNode read(Path file) throws IOException {
    JsonNode root = parse(file);
    if (!root.isObject()) {
      throw new ModelFileException(file.toString(), "expected a JSON object");
    }
    return root;
  }

  /**
   * Reads the list of a file.
   *
   * @throws ModelFileException if it is not JSON, or no list
   */
  public static JsonNode readList(Path file) throws IOException {
    JsonNode root = parse(file);
    if (!root.isArray()) {
      throw new ModelFileException(file.toString(), "expected a JSON list");
    }
    return root;
  }

  private static JsonNode parse(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ObjectMapper().readTree(in);
    } catch (JsonProcessingException e) {
      throw new ModelFileException(file.toString(), "not JSON: " + e.getOriginalMessage(), e);
    } catch (CharConversionException e) {
      throw new ModelFileException(file.toString(), "not JSON: " + e.getMessage(), e);
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
  }

  /** The texts of an object; empty if it is not there. */
  public static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }

  /** The lists of texts of an object; empty if it is not there. */
  public static Map<String, List<String>> lists(JsonNode object) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      List<String> texts = new ArrayList<>();
      entry.getValue().forEach(text -> texts.add(text.asText()));
      lists.put(entry.getKey(), texts);
    }
    return lists;
  }

  /** Writes an object, its keys in the order of the map. */
  public static void write(Path file, Map<String, ?> object) throws IOException {
    AtomicFile.writeText(
        file,
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(object) + "\n");
  }
}

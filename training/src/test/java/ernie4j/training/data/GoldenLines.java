package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Golden JSON files, and the extraction examples in them. */
public final class GoldenLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenLines() {}

  /** The objects of a file with one object per line. */
  public static List<JsonNode> read(String name) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(Golden.path(name))) {
      nodes.add(JSON.readTree(line));
    }
    return nodes;
  }

  /** The one value of a file. */
  public static JsonNode value(String name) throws IOException {
    return JSON.readTree(Files.readAllBytes(Golden.path(name)));
  }

  /** The example of a JSON object, read as from a file. */
  public static ExtractionExample example(JsonNode object, Path folder) throws IOException {
    return examples(List.of(object), folder).get(0);
  }

  /** The examples of a list of JSON objects, read as from a file. */
  public static List<ExtractionExample> examples(Iterable<JsonNode> objects, Path folder)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    objects.forEach(object -> lines.append(object).append('\n'));
    return lines.isEmpty()
        ? List.of()
        : ExtractionFiles.read(Files.writeString(folder.resolve("lines.txt"), lines));
  }
}

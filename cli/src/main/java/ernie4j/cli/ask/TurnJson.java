package ernie4j.cli.ask;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.pipeline.JointSlu;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A turn of a dialogue as a JSON object. */
final class TurnJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TEXT = "text";
  private static final String HISTORY = "history";

  private TurnJson() {}

  /**
   * Reads a turn.
   *
   * @throws IllegalArgumentException if it is not a turn
   */
  static JointSlu.Turn read(String json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw expected("a line that is not JSON");
    }
    JsonNode history = node.path(HISTORY);
    if (!node.path(TEXT).isTextual() || !(history.isMissingNode() || history.isArray())) {
      throw expected(node.isObject() ? "fields of other types" : "JSON that is not an object");
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!Set.of(TEXT, HISTORY).contains(name)) {
                throw expected("a field '" + name + "'");
              }
            });
    List<String> before = new ArrayList<>();
    for (JsonNode turn : history) {
      if (!turn.isTextual()) {
        throw expected("a previous turn that is not a text");
      }
      before.add(turn.textValue());
    }
    return new JointSlu.Turn(node.path(TEXT).textValue(), before);
  }

  private static IllegalArgumentException expected(String got) {
    return new IllegalArgumentException(
        "expected {\"text\": \"...\", \"history\": [\"...\"]}, got " + got);
  }
}

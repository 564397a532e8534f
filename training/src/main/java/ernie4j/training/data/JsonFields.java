package ernie4j.training.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A JSON value with its place in a file, so that errors about missing or wrong fields can name it.
 *
 * @param place for example {@code line 3} or {@code question DEV_0}
 */
record JsonFields(Path file, String place, JsonNode node) {
  /** Otherwise a second object in a line or a second value of a field would be lost silently. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * Fields that do not matter to learning: those of annotation tools and of CLUE's files (whose
   * {@code keywords}, unlike {@code keyword}, is not a text), and those that predictions add.
   */
  private static final Set<String> BESIDES =
      Set.of(
          "id",
          "idx",
          "index",
          "guid",
          "uuid",
          "meta",
          "metadata",
          "comments",
          "Comments",
          "relations",
          "tokens",
          "annotator",
          "annotation_id",
          "created_at",
          "updated_at",
          "lead_time",
          "label_desc",
          "label_des",
          "label_zh",
          "keywords",
          "level",
          "label0",
          "label1",
          "label2",
          "label3",
          "label4",
          "genre",
          "prem_id",
          "probability",
          "probabilities");

  static ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  /** The objects of a file: one per line, blank lines aside, or all in one list. */
  static List<JsonFields> objects(Path file) throws IOException {
    List<JsonFields> all = new ArrayList<>();
    String text = Utf8Text.read(file);
    if (text.stripLeading().startsWith("[")) {
      for (JsonFields element : parse(file, "the file", text).elements("a list")) {
        all.add(element.named("element " + (all.size() + 1)));
      }
    } else {
      for (TextLines.Line line : TextLines.read(file)) {
        if (!line.text().isBlank()) {
          all.add(parse(file, "line " + line.number(), line.text()));
        }
      }
    }
    for (JsonFields fields : all) {
      if (!fields.node.isObject()) {
        throw fields.error("a JSON object", shown(fields.node));
      }
    }
    return TextLines.requireExamples(file, all);
  }

  /**
   * Rejects unknown fields, so that a misspelled one is not mistaken for one that was left out.
   * Names that begin with _ are free for other uses.
   */
  void requireOnly(Stream<String> known) throws IOException {
    List<String> names = known.toList();
    List<String> unknown = new ArrayList<>();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name) && !BESIDES.contains(name) && !name.startsWith("_")) {
                unknown.add(name);
              }
            });
    if (!unknown.isEmpty()) {
      throw error(
          "the fields " + String.join(", ", names),
          "'%s'; correct misspelled names, and start the names of other fields with _"
              .formatted(String.join("', '", unknown)));
    }
  }

  void requireOnly(String... known) throws IOException {
    requireOnly(Stream.of(known));
  }

  /** A file that is one JSON value. */
  static JsonFields whole(Path file) throws IOException {
    return parse(file, "the file", Utf8Text.read(file));
  }

  private static JsonFields parse(Path file, String place, String text) throws IOException {
    try {
      JsonNode node = JSON.readTree(text);
      if (node == null || node.isMissingNode()) {
        throw TextLines.error(file, place, "JSON", "nothing");
      }
      return new JsonFields(file, place, node);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "%s: %s: expected JSON, got text that is not: %s"
              .formatted(file, place, e.getOriginalMessage()),
          e);
    }
  }

  IOException error(String expected, String got) {
    return TextLines.error(file, place, expected, got);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** Another value at the same place. */
  JsonFields at(JsonNode other) {
    return new JsonFields(file, place, other);
  }

  JsonFields named(String newPlace) {
    return new JsonFields(file, newPlace, node);
  }

  /** The first present field of several, one of which is required. */
  JsonFields field(String... names) throws IOException {
    for (String name : names) {
      if (has(name)) {
        return at(node.get(name));
      }
    }
    List<String> found = new ArrayList<>();
    node.fieldNames().forEachRemaining(found::add);
    throw error("a field '" + String.join("' or '", names) + "'", "fields " + found);
  }

  /**
   * A text field; numbers and truth values are accepted, too, because labels are written both ways.
   */
  String text(String name) throws IOException {
    JsonNode value = field(name).node;
    if (!value.isValueNode()) {
      throw error("a text in '" + name + "'", shown(value));
    }
    return value.asText();
  }

  int integer(String name) throws IOException {
    JsonNode value = field(name).node;
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      throw error("a whole number in '" + name + "'", shown(value));
    }
    return value.intValue();
  }

  boolean truth(String name) throws IOException {
    JsonNode value = field(name).node;
    if (!value.isBoolean()) {
      throw error("true or false in '" + name + "'", shown(value));
    }
    return value.booleanValue();
  }

  /** The elements of a list. */
  List<JsonFields> list(String name) throws IOException {
    return field(name).elements("a list in '" + name + "'");
  }

  /** The elements of this list. */
  List<JsonFields> elements(String expected) throws IOException {
    if (!node.isArray()) {
      throw error(expected, shown(node));
    }
    List<JsonFields> elements = new ArrayList<>();
    node.forEach(element -> elements.add(at(element)));
    return elements;
  }

  /** The texts of a list. */
  List<String> texts(String name) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonFields element : list(name)) {
      if (!element.node.isValueNode()) {
        throw error("texts in '" + name + "'", shown(element.node));
      }
      texts.add(element.node.asText());
    }
    return texts;
  }

  static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}

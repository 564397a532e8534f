package ernie4j.server.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a request. Errors about missing, wrong or unknown fields name them. */
public final class RequestFields {
  static final String INPUT = "input";
  static final String MODEL = "model";
  private static final int SHOWN = 40;

  /** Parts of Jackson's messages that refer to Jackson itself. */
  private static final Pattern INTERNAL =
      Pattern.compile(" \\((start marker at|bound as) .*", Pattern.DOTALL);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;

  private RequestFields(JsonNode object) {
    this.object = object;
  }

  /**
   * Parses a body.
   *
   * @throws RequestException with status 400 if the body is not one JSON object
   */
  public static RequestFields parse(byte[] body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text(body));
    } catch (JsonProcessingException e) {
      throw RequestException.unreadable(
          "the body is not JSON: %s (line %d, column %d)"
              .formatted(
                  INTERNAL.matcher(e.getOriginalMessage()).replaceAll(""),
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getLocation() == null ? 1 : e.getLocation().getColumnNr()));
    }
    if (!node.isObject()) {
      throw RequestException.unreadable(
          "the body: expected a JSON object such as {\"input\": \"来一首歌\"}, got %s"
              .formatted(node.isMissingNode() ? "nothing" : kind(node)));
    }
    requireUnicode(node);
    return new RequestFields(node);
  }

  /** Decodes UTF-8 more strictly than Jackson, which accepts some invalid bytes. */
  private static String text(byte[] body) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw RequestException.unreadable(
          "the body: expected JSON in UTF-8, got invalid UTF-8 at byte %,d"
              .formatted(bytes.position() + 1));
    }
  }

  /** Rejects invalid Unicode, which cannot be sent back in a response. */
  private static void requireUnicode(JsonNode node) {
    if (node.isTextual()) {
      requireUnicode(node.textValue());
    }
    node.fieldNames().forEachRemaining(RequestFields::requireUnicode);
    node.forEach(RequestFields::requireUnicode);
  }

  private static void requireUnicode(String text) {
    if (text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      throw RequestException.unreadable(
          "the body: expected Unicode text, got half of a surrogate pair");
    }
  }

  /**
   * Rejects unknown fields, which may be misspelled options.
   *
   * @throws RequestException with status 422, about the first such field
   */
  void requireOnly(Collection<String> known) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name) && !name.equals(MODEL)) {
                TreeSet<String> all = new TreeSet<>(known);
                all.add(MODEL);
                throw RequestException.invalid(
                    name, "%s: unknown field; known are %s".formatted(shown(name), all));
              }
            });
  }

  /** The model that the request names, or null if it leaves the choice to the server. */
  public @Nullable String model() {
    return optionalText(MODEL);
  }

  /** Whether a field is present; null counts as absent. */
  boolean has(String field) {
    return object.hasNonNull(field);
  }

  /** A field as it is. */
  JsonNode node(String field) {
    return object.path(field);
  }

  /** Whether a field is a single text, not a list. */
  boolean isText(String field) {
    return object.path(field).isTextual();
  }

  /** A required text. */
  String text(String field) {
    JsonNode node = object.path(field);
    if (!node.isTextual()) {
      throw expected(field, "a text", node);
    }
    return node.textValue();
  }

  /** An optional text; null if absent. */
  @Nullable String optionalText(String field) {
    return has(field) ? text(field) : null;
  }

  /** An optional number within bounds; null if absent. */
  @Nullable Double optionalNumber(String field, double from, double to) {
    if (!has(field)) {
      return null;
    }
    JsonNode node = object.path(field);
    if (!node.isNumber() || !(node.doubleValue() >= from && node.doubleValue() <= to)) {
      throw expected(field, "a number from %s to %s".formatted(from, to), node);
    }
    return node.doubleValue();
  }

  /** An optional count within bounds; {@code otherwise} if absent. */
  int count(String field, int most, int otherwise) {
    if (!has(field)) {
      return otherwise;
    }
    JsonNode node = object.path(field);
    if (!node.isInt() || node.intValue() < 1 || node.intValue() > most) {
      throw expected(field, "a number from 1 to %,d".formatted(most), node);
    }
    return node.intValue();
  }

  /** The texts of a field that holds one or a list. */
  List<String> texts(String field) {
    JsonNode node = object.path(field);
    if (node.isTextual()) {
      return List.of(node.textValue());
    }
    if (!node.isArray() || node.isEmpty()) {
      throw expected(field, "a text or a list of texts", node);
    }
    return elements(field, node);
  }

  /** The inputs that are texts. */
  List<Input> inputs() {
    return texts(INPUT).stream().map(text -> new Input(text, null)).toList();
  }

  private static List<String> elements(String field, JsonNode list) {
    List<String> texts = new ArrayList<>(list.size());
    for (JsonNode text : list) {
      if (!text.isTextual()) {
        throw expected("%s[%d]".formatted(field, texts.size()), "a text", text);
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  /** Whether the inputs are pairs, that is, a list whose first element is a list. */
  boolean hasPairs() {
    return object.path(INPUT).path(0).isArray();
  }

  /** The inputs, which must be pairs. */
  List<Input> pairs() {
    List<Input> pairs = new ArrayList<>();
    for (JsonNode pair : object.path(INPUT)) {
      if (!pair.isArray()
          || pair.size() != 2
          || !pair.get(0).isTextual()
          || !pair.get(1).isTextual()) {
        throw expected(
            "%s[%d]".formatted(INPUT, pairs.size()),
            "a list of two texts, like the first element",
            pair);
      }
      pairs.add(new Input(pair.get(0).textValue(), pair.get(1).textValue()));
    }
    return pairs;
  }

  private static RequestException expected(String field, String what, JsonNode node) {
    return RequestException.invalid(
        field,
        "%s: expected %s, got %s"
            .formatted(field, what, node.isMissingNode() ? "nothing" : kind(node)));
  }

  private static String kind(JsonNode node) {
    if (node.isArray()) {
      return node.isEmpty() ? "an empty list" : "a list";
    }
    return node.isObject() ? "an object" : shown(node.toString());
  }

  private static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}

package ernie4j.engine.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The few JSON forms of the header and its metadata: a string, a list of strings, a map of strings,
 * a map of lists of strings. Readers accept exactly these forms and throw {@link
 * JsonProcessingException} for everything else.
 */
final class MetadataJson {
  /**
   * Strict and bounded: duplicate names, deep nesting and long numbers are errors. Names are not
   * interned or kept in shared symbol tables, so that hostile names cannot fill them.
   */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(SafetensorsHeader.MAX_LENGTH)
                  .build())
          .build();

  private MetadataJson() {}

  /** Reads something from JSON that is the whole of a text. */
  interface Reader<T> {
    T read(JsonParser parser) throws IOException;
  }

  /** Writes something to a generator. */
  interface Writer {
    void write(JsonGenerator generator) throws IOException;
  }

  /** Parses a whole text; the reader starts at the first token and ends at its last. */
  static <T> T parse(String text, Reader<T> reader) throws JsonProcessingException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      T value = reader.read(parser);
      requireEnd(parser);
      return value;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading JSON from memory", e);
    }
  }

  /** The JSON text that a writer produces. */
  static String text(Writer writer) {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      writer.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return out.toString();
  }

  static void requireEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "unexpected text after the end");
    }
  }

  /** Describes what is wrong and where, without the excerpt of the source. */
  static String explain(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getOriginalMessage()
        : String.format(
            "%s (character %d)", e.getOriginalMessage(), e.getLocation().getCharOffset());
  }

  static String readString(JsonParser parser) throws IOException {
    require(parser, JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  static List<String> readStrings(JsonParser parser) throws IOException {
    require(parser, JsonToken.START_ARRAY, "an array of strings");
    List<String> strings = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      strings.add(readString(parser));
    }
    return strings;
  }

  static Map<String, String> readStringMap(JsonParser parser) throws IOException {
    return readMap(parser, MetadataJson::readString);
  }

  static Map<String, List<String>> readLists(JsonParser parser) throws IOException {
    return readMap(parser, MetadataJson::readStrings);
  }

  static <T> Map<String, T> readMap(JsonParser parser, Reader<T> value) throws IOException {
    require(parser, JsonToken.START_OBJECT, "an object");
    Map<String, T> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value.read(parser));
    }
    return map;
  }

  static void writeStrings(JsonGenerator generator, List<String> strings) throws IOException {
    generator.writeStartArray();
    for (String string : strings) {
      generator.writeString(string);
    }
    generator.writeEndArray();
  }

  static void writeStringMap(JsonGenerator generator, Map<String, String> map) throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, String> entry : map.entrySet()) {
      generator.writeStringField(entry.getKey(), entry.getValue());
    }
    generator.writeEndObject();
  }

  static void writeLists(JsonGenerator generator, Map<String, List<String>> map)
      throws IOException {
    generator.writeStartObject();
    for (Map.Entry<String, List<String>> entry : map.entrySet()) {
      generator.writeFieldName(entry.getKey());
      writeStrings(generator, entry.getValue());
    }
    generator.writeEndObject();
  }

  private static void require(JsonParser parser, JsonToken token, String expected)
      throws JsonProcessingException {
    if (parser.currentToken() != token) {
      throw new JsonParseException(
          parser, String.format("expected %s, got %s", expected, parser.currentToken()));
    }
  }
}

package ernie4j.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import ernie4j.pipeline.ExtractionSchema.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads schemas. JSON is read as a stream, because a map may contain a name twice, which a tree
 * would lose.
 */
final class SchemaReader {
  private static final String EXPECTED =
      "expected names such as '时间,选手', or JSON such as [\"时间\", {\"竞赛名称\": [\"主办方\"]}]";

  private SchemaReader() {}

  static ExtractionSchema read(String text) {
    String stripped = text.strip();
    boolean json = !stripped.isEmpty() && "[{\"".indexOf(stripped.charAt(0)) >= 0;
    return new ExtractionSchema(json ? json(stripped) : names(stripped));
  }

  private static List<Node> json(String text) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      List<Node> nodes = new ArrayList<>();
      JsonToken first = parser.nextToken();
      if (first == JsonToken.START_ARRAY) {
        list(parser, nodes);
      } else {
        element(parser, nodes);
      }
      if (parser.nextToken() != null) {
        throw wrong("something follows its end: " + TextEncoder.shown(parser.getText()));
      }
      return nodes;
    } catch (JsonProcessingException e) {
      throw wrong(
          String.format(
              "it begins like JSON but is not valid JSON: %s%s",
              e.getOriginalMessage(),
              e.getLocation() == null ? "" : ", column " + e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void list(JsonParser parser, List<Node> nodes) throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element(parser, nodes);
    }
  }

  /** A name, or a map of names. */
  private static void element(JsonParser parser, List<Node> nodes) throws IOException {
    @Nullable JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      nodes.add(new Node(parser.getText(), List.of()));
    } else if (token == JsonToken.START_OBJECT) {
      map(parser, nodes);
    } else {
      throw wrong(
          String.format(
              "a list holds names and maps, got %s",
              token == JsonToken.START_ARRAY ? "a list in a list" : parser.getText()));
    }
  }

  private static void map(JsonParser parser, List<Node> nodes) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      List<Node> children = new ArrayList<>();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        children.add(new Node(parser.getText(), List.of()));
      } else if (token == JsonToken.START_ARRAY) {
        list(parser, children);
      } else {
        throw wrong(
            String.format(
                "what is below '%s' must be a name or a list%s",
                name,
                token == JsonToken.START_OBJECT
                    ? ", got a map; put it in [ ]"
                    : ", got " + parser.getText()));
      }
      nodes.add(new Node(name, children));
    }
  }

  /** Names separated by commas. Commas in brackets separate options instead. */
  private static List<Node> names(String text) {
    List<Node> nodes = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      if (c == '[' || c == '［') {
        depth++;
      } else if (c == ']' || c == '］') {
        depth--;
      } else if (i == text.length() || (depth == 0 && (c == ',' || c == '，'))) {
        if (!text.isEmpty()) {
          nodes.add(new Node(text.substring(from, i).strip(), List.of()));
        }
        from = i + 1;
      }
      if (depth < 0 || (i == text.length() && depth != 0)) {
        throw wrong(String.format("the brackets of '%s' do not match", text));
      }
    }
    return nodes;
  }

  private static IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException(String.format("schema: %s; %s", problem, EXPECTED));
  }
}

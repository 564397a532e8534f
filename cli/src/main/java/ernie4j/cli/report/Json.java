package ernie4j.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Output with one JSON object per line. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** An empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Adds a result to the line of its example. */
  public interface Adder<E, R> {
    void add(ObjectNode line, E example, R result);
  }

  /** One line per example, with its result or with an error in its place. */
  public static <E, R> List<ObjectNode> lines(
      List<E> examples,
      List<Attempt<R>> results,
      Function<E, ObjectNode> begin,
      Adder<E, R> adder) {
    List<ObjectNode> lines = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      ObjectNode line = begin.apply(examples.get(i));
      Attempt<R> result = results.get(i);
      if (result.isSuccess()) {
        adder.add(line, examples.get(i), result.result());
      } else {
        line.put("error", result.error().orElse(""));
      }
      lines.add(line);
    }
    return lines;
  }

  /** An object with a text, or with both texts of a pair. */
  public static ObjectNode texts(String text, @Nullable String pair) {
    ObjectNode line = object();
    line.put("text", text);
    if (pair != null) {
      line.put("text_pair", pair);
    }
    return line;
  }

  /** A text, followed by the second one of a pair if there is one. */
  public static List<String> present(String text, @Nullable String pair) {
    return pair == null ? List.of(text) : List.of(text, pair);
  }
}

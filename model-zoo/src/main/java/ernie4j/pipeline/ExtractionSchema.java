package ernie4j.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What to extract, in words: names of what occurs in a text, and below each what is asked about
 * every answer to it, to any depth.
 *
 * <pre>{@code
 * ExtractionSchema.of("时间", "选手", "赛事名称");
 * ExtractionSchema.parse("{\"竞赛名称\": [\"主办方\", \"承办方\"]}");
 * ExtractionSchema.of("情感倾向[正向，负向]"); // one of the options, for the text as a whole
 * ExtractionSchema.of("时间").and("竞赛名称", ExtractionSchema.of("主办方"));
 * }</pre>
 *
 * <p>The model reads the names, so their wording and the order of options influence its answers. A
 * name that occurs twice at one place is asked once; what is below either of them is below it.
 *
 * @param nodes what is asked, in order; names differ
 */
public record ExtractionSchema(List<Node> nodes) {
  /**
   * A name and what is asked about each answer to it.
   *
   * @param name the name, which is the key of its answers
   * @param children what is asked about each answer; names differ; empty if nothing more is asked
   */
  public record Node(String name, List<Node> children) {
    /**
     * Merges children of the same name.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public Node {
      if (name.isBlank()) {
        throw new IllegalArgumentException(
            String.format("schema: expected a name such as 时间, got '%s'", name));
      }
      children = merged(children);
    }
  }

  /**
   * Merges nodes of the same name.
   *
   * @throws IllegalArgumentException if there are no nodes
   */
  public ExtractionSchema {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException(
          "schema: expected at least one name, for example 时间, got an empty one");
    }
    nodes = merged(nodes);
  }

  /**
   * Returns a schema of names with nothing below them.
   *
   * @param names what to extract, at least one name
   * @return the schema
   * @throws IllegalArgumentException if there is no name, or one is blank
   */
  public static ExtractionSchema of(String... names) {
    return of(List.of(names));
  }

  /**
   * Returns a schema of names with nothing below them.
   *
   * @param names what to extract, at least one name
   * @return the schema, which asks the names in their iteration order
   * @throws IllegalArgumentException if there is no name, or one is blank
   */
  public static ExtractionSchema of(Collection<String> names) {
    return new ExtractionSchema(
        List.copyOf(
            names.stream().map(name -> new Node(name, List.of())).collect(Collectors.toList())));
  }

  /**
   * Reads a schema. It is either JSON (a name, a list of names and maps, or a map of names to what
   * is below them: a name or a list) or the short form: names with commas between them, such as
   * {@code 时间,选手,情感倾向[正向,负向]}.
   *
   * @param text the schema
   * @return the schema that was read
   * @throws IllegalArgumentException if it is neither; the message says what is wrong
   */
  public static ExtractionSchema parse(String text) {
    return SchemaReader.read(text);
  }

  /**
   * Returns this schema with another name at its top level.
   *
   * @param name the name to add
   * @param below what is asked about each answer to it
   * @return the larger schema; this one is not changed
   * @throws IllegalArgumentException if the name is blank
   */
  public ExtractionSchema and(String name, ExtractionSchema below) {
    List<Node> all = new ArrayList<>(nodes);
    all.add(new Node(name, below.nodes));
    return new ExtractionSchema(all);
  }

  private static List<Node> merged(List<Node> nodes) {
    Map<String, List<Node>> byName = new LinkedHashMap<>();
    for (Node node : nodes) {
      byName.computeIfAbsent(node.name, unused -> new ArrayList<>()).addAll(node.children);
    }
    return byName.size() == nodes.size()
        ? List.copyOf(nodes)
        : List.copyOf(
            byName.entrySet().stream()
                .map(e -> new Node(e.getKey(), e.getValue()))
                .collect(Collectors.toList()));
  }
}

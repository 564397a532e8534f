package ernie4j.pipeline;

import ernie4j.pipeline.ExtractionSchema.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks a schema about texts, level by level: what is asked about the answers of one level is asked
 * together for all texts and all names.
 */
final class SchemaWalk {
  private final boolean english;

  /** For each text its results so far, or why there are none. */
  private final List<Attempt<Found>> roots = new ArrayList<>();

  private SchemaWalk(int texts, boolean english) {
    this.english = english;
    for (int t = 0; t < texts; t++) {
      roots.add(Attempt.success(new Found("", -1, -1, 1)));
    }
  }

  /**
   * A prompt that is asked about a text.
   *
   * @param text index of the text
   * @param node the name in the schema
   * @param longest characters of the longest prompt for this name and text, which determines how
   *     the text is cut
   */
  record Question(int text, Node node, String prompt, int longest) {}

  /** Answers questions, one result for each. */
  interface Model {
    List<Attempt<List<Extraction>>> ask(List<Question> questions);
  }

  /** An answer to which relations are added. */
  private static final class Found {
    final String text;
    final int start;
    final int end;
    final double probability;
    final Map<String, List<Found>> relations = new LinkedHashMap<>();

    Found(String text, int start, int end, double probability) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.probability = probability;
    }

    Extraction extraction() {
      return new Extraction(text, start, end, probability, named());
    }

    Map<String, List<Extraction>> named() {
      Map<String, List<Extraction>> named = new LinkedHashMap<>();
      relations.forEach(
          (name, found) ->
              named.put(
                  name,
                  List.copyOf(found.stream().map(Found::extraction).collect(Collectors.toList()))));
      return named;
    }
  }

  /** A name of the schema, and for each text the answers it is asked about. */
  private record Stage(Node node, List<List<Found>> owners) {}

  /** A question and the answer that its results belong to. */
  private record Asked(Question question, Found owner) {}

  /**
   * The answers of a schema in each of several texts, by the names at its top.
   *
   * @param texts how many texts there are
   */
  static List<Attempt<Map<String, List<Extraction>>>> walk(
      ExtractionSchema schema, int texts, boolean english, Model model) {
    SchemaWalk walk = new SchemaWalk(texts, english);
    List<List<Found>> top =
        walk.roots.stream().map(root -> List.of(root.result())).collect(Collectors.toList());
    List<Stage> level =
        schema.nodes().stream().map(node -> new Stage(node, top)).collect(Collectors.toList());
    for (boolean isTop = true; !level.isEmpty(); isTop = false) {
      walk.ask(level, isTop, model);
      level = walk.below(level);
    }
    return walk.roots.stream().map(root -> root.map(Found::named)).collect(Collectors.toList());
  }

  private void ask(List<Stage> level, boolean isTop, Model model) {
    List<Asked> asked = new ArrayList<>();
    for (int t = 0; t < roots.size(); t++) {
      for (Stage stage : level) {
        add(t, stage, isTop, asked);
      }
    }
    List<Attempt<List<Extraction>>> answers =
        asked.isEmpty()
            ? List.of()
            : model.ask(asked.stream().map(Asked::question).collect(Collectors.toList()));
    for (int i = 0; i < answers.size(); i++) {
      Question question = asked.get(i).question;
      Attempt<List<Extraction>> answer = answers.get(i);
      Attempt<Found> root = roots.get(question.text);
      if (!answer.isSuccess()) {
        // A text keeps its first failure.
        roots.set(question.text, root.isSuccess() ? answer.map(unused -> root.result()) : root);
      } else if (!answer.result().isEmpty()) {
        asked
            .get(i)
            .owner
            .relations
            .computeIfAbsent(question.node.name(), unused -> new ArrayList<>())
            .addAll(
                answer.result().stream()
                    .map(e -> new Found(e.text(), e.start(), e.end(), e.probability()))
                    .collect(Collectors.toList()));
      }
    }
  }

  private void add(int text, Stage stage, boolean isTop, List<Asked> asked) {
    if (!roots.get(text).isSuccess()) {
      return;
    }
    String name = stage.node.name();
    List<Found> owners = stage.owners.get(text);
    List<String> prompts =
        owners.stream()
            .map(owner -> isTop ? Prompts.of(name) : Prompts.of(name, owner.text, english))
            .collect(Collectors.toList());
    int longest = prompts.stream().mapToInt(p -> p.codePointCount(0, p.length())).max().orElse(0);
    for (int i = 0; i < prompts.size(); i++) {
      Question question = new Question(text, stage.node, prompts.get(i), longest);
      asked.add(new Asked(question, owners.get(i)));
    }
  }

  private List<Stage> below(List<Stage> level) {
    List<Stage> next = new ArrayList<>();
    for (Stage stage : level) {
      if (!stage.node.children().isEmpty()) {
        String name = stage.node.name();
        List<List<Found>> answers = new ArrayList<>();
        for (List<Found> owners : stage.owners) {
          answers.add(
              owners.stream()
                  .flatMap(owner -> owner.relations.getOrDefault(name, List.of()).stream())
                  .collect(Collectors.toList()));
        }
        stage.node.children().forEach(child -> next.add(new Stage(child, answers)));
      }
    }
    return next;
  }
}

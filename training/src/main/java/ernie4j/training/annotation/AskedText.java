package ernie4j.training.annotation;

import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import ernie4j.training.data.LabelledSpan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An annotated text with the prompts that it answers. */
final class AskedText {
  /**
   * An entity that prompts ask for.
   *
   * @param classes the classes that follow its label
   */
  record Entity(LabelledSpan span, String text, List<String> classes) {}

  final AnnotatedText annotation;
  final List<Entity> entities = new ArrayList<>();

  /** Answers to labels, in the order of their first entities. */
  final Map<String, List<Answer>> labels = new LinkedHashMap<>();

  /** Answers to prompts of relations, in the order of their first relations. */
  final Map<String, List<Answer>> relations = new LinkedHashMap<>();

  final Set<String> subjects = new LinkedHashSet<>();
  final Set<String> types = new LinkedHashSet<>();

  AskedText(AnnotatedText annotation, ConversionOptions options) {
    this.annotation = annotation;
    for (LabelledSpan span : annotation.entities()) {
      if (options.unasked().contains(span.type())) {
        continue;
      }
      List<String> parts = parts(span.type(), options.separator());
      entities.add(new Entity(span, annotation.text(span), parts.subList(1, parts.size())));
      add(labels, parts.get(0), span);
    }
    for (AnnotatedText.Relation relation : annotation.relations()) {
      String subject = annotation.subject(relation);
      subjects.add(subject);
      types.add(relation.type());
      LabelledSpan object = annotation.entities().get(relation.object());
      add(relations, prompt(subject, relation.type(), options), object);
    }
  }

  /** A label and the classes that follow it. */
  private static List<String> parts(String label, String separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = label.indexOf(separator); at >= 0; at = label.indexOf(separator, from)) {
      parts.add(label.substring(from, at));
      from = at + separator.length();
    }
    parts.add(label.substring(from));
    if (parts.get(0).isBlank()) {
      throw new IllegalArgumentException(
          "label '%s': expected a name before the separator '%s', got none"
              .formatted(label, separator));
    }
    return parts;
  }

  private static void add(Map<String, List<Answer>> answers, String prompt, LabelledSpan span) {
    List<Answer> known = answers.computeIfAbsent(prompt, p -> new ArrayList<>());
    Answer answer = Answer.ofText(span.start(), span.end());
    if (!known.contains(answer)) {
      known.add(answer);
    }
  }

  /** The prompt for a relation or class of an entity. */
  static String prompt(String subject, String name, ConversionOptions options) {
    return options.english() ? name + " of " + subject : subject + "的" + name;
  }

  /** One example for every prompt. */
  List<ExtractionExample> positives(Map<String, List<Answer>> answers) {
    List<ExtractionExample> examples = new ArrayList<>();
    answers.forEach(
        (prompt, found) -> examples.add(new ExtractionExample(annotation.text(), prompt, found)));
    return examples;
  }

  List<ExtractionExample> negatives(List<String> prompts) {
    return prompts.stream().map(this::negative).toList();
  }

  private ExtractionExample negative(String prompt) {
    return new ExtractionExample(annotation.text(), prompt, List.of());
  }
}

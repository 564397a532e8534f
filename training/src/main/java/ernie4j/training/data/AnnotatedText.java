package ernie4j.training.data;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A text as people have annotated it: entities, relations between them, and classes of the whole
 * text.
 *
 * @param entities in the order of the annotation; they may overlap
 * @param relations from one entity to another
 * @param classes labels of the whole text
 */
public record AnnotatedText(
    String text, List<LabelledSpan> entities, List<Relation> relations, List<String> classes) {
  /**
   * A relation, for example from a company to its founder.
   *
   * @param type what the object is to the subject
   * @param subject index of an entity
   * @param object index of an entity
   */
  public record Relation(String type, int subject, int object) {}

  /**
   * Keeps unmodifiable copies.
   *
   * @throws IllegalArgumentException if an entity is empty or outside of the text, or a relation
   *     has an end that is none of the entities
   */
  public AnnotatedText {
    entities = List.copyOf(entities);
    relations = List.copyOf(relations);
    classes = List.copyOf(classes);
    for (LabelledSpan entity : entities) {
      if (entity.start() < 0 || entity.end() <= entity.start() || entity.end() > text.length()) {
        throw new IllegalArgumentException(
            "AnnotatedText: expected entities within %d characters, got %s"
                .formatted(text.length(), entity));
      }
    }
    for (Relation relation : relations) {
      int last = Math.max(relation.subject, relation.object);
      if (Math.min(relation.subject, relation.object) < 0 || last >= entities.size()) {
        throw new IllegalArgumentException(
            "AnnotatedText: expected relations between %d entities, got %s"
                .formatted(entities.size(), relation));
      }
    }
  }

  /** A text with typed spans, for example of a tagger's corpus. */
  public static AnnotatedText of(TaggedExample example) {
    return new AnnotatedText(example.text(), example.spans(), List.of(), List.of());
  }

  /** An utterance with its slots; its intent is left out. */
  public static AnnotatedText of(JointExample example) {
    return new AnnotatedText(example.text(), example.slots(), List.of(), List.of());
  }

  /** The text of an entity. */
  public String text(LabelledSpan entity) {
    return text.substring(entity.start(), entity.end());
  }

  /** The text of the entity that a relation begins at. */
  public String subject(Relation relation) {
    return text(entities.get(relation.subject));
  }

  /** The text of the entity that a relation ends at. */
  public String object(Relation relation) {
    return text(entities.get(relation.object));
  }

  /**
   * This text with other names for labels and types, for example {@code 人名} for {@code PER}; names
   * that are not in the map stay as they are.
   */
  public AnnotatedText renamed(Map<String, String> names) {
    UnaryOperator<String> renamed = name -> names.getOrDefault(name, name);
    return new AnnotatedText(
        text,
        entities.stream()
            .map(e -> new LabelledSpan(renamed.apply(e.type()), e.start(), e.end()))
            .toList(),
        relations.stream()
            .map(r -> new Relation(renamed.apply(r.type), r.subject, r.object))
            .toList(),
        classes.stream().map(renamed).toList());
  }
}

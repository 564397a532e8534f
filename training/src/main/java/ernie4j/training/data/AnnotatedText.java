package ernie4j.training.data;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A text with its annotations: entities, relations between them, and classes of the whole text.
 *
 * @param text the annotated text
 * @param entities in the order of the annotation; they may overlap
 * @param relations from one entity to another
 * @param classes labels of the whole text
 */
public record AnnotatedText(
    String text, List<LabelledSpan> entities, List<Relation> relations, List<String> classes) {
  /**
   * A relation, for example from a company to its founder.
   *
   * @param type the relation that the object has to the subject
   * @param subject index in {@link AnnotatedText#entities}
   * @param object index in {@link AnnotatedText#entities}
   */
  public record Relation(String type, int subject, int object) {}

  /**
   * Keeps unmodifiable copies.
   *
   * @throws IllegalArgumentException if an entity is empty or outside of the text, or an end of a
   *     relation is not one of the entities
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

  /**
   * Converts a text with typed spans, for example of a tagger's corpus.
   *
   * @param example a text and its spans
   * @return a text whose entities are the spans
   */
  public static AnnotatedText of(TaggedExample example) {
    return new AnnotatedText(example.text(), example.spans(), List.of(), List.of());
  }

  /**
   * Converts an utterance with its slots, without its intent.
   *
   * @param example an utterance and its slots
   * @return a text whose entities are the slots
   */
  public static AnnotatedText of(JointExample example) {
    return new AnnotatedText(example.text(), example.slots(), List.of(), List.of());
  }

  /**
   * Cuts out an entity.
   *
   * @param entity one of {@link #entities}
   * @return the text of the entity
   */
  public String text(LabelledSpan entity) {
    return text.substring(entity.start(), entity.end());
  }

  /**
   * Cuts out the entity at which a relation begins.
   *
   * @param relation one of {@link #relations}
   * @return the text of the subject
   */
  public String subject(Relation relation) {
    return text(entities.get(relation.subject));
  }

  /**
   * Cuts out the entity at which a relation ends.
   *
   * @param relation one of {@link #relations}
   * @return the text of the object
   */
  public String object(Relation relation) {
    return text(entities.get(relation.object));
  }

  /**
   * Renames classes and the types of entities and relations.
   *
   * @param names new names by old names, for example {@code 人名} for {@code PER}; names that are not
   *     in it stay as they are
   * @return the same text with the new names
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

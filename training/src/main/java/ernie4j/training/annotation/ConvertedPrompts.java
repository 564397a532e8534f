package ernie4j.training.annotation;

import ernie4j.training.data.ExtractionExample;
import java.util.List;
import java.util.stream.Stream;

/**
 * What annotations were made into.
 *
 * @param entities labels as prompts: those with answers of all texts, then those without
 * @param relations likewise; to evaluate on, those of one text stand together
 * @param entityClasses classes of entities
 * @param textClasses classes of whole texts
 */
public record ConvertedPrompts(
    List<ExtractionExample> entities,
    List<ExtractionExample> relations,
    List<ExtractionExample> entityClasses,
    List<ExtractionExample> textClasses) {
  /** Keeps unmodifiable copies. */
  public ConvertedPrompts {
    entities = List.copyOf(entities);
    relations = List.copyOf(relations);
    entityClasses = List.copyOf(entityClasses);
    textClasses = List.copyOf(textClasses);
  }

  /** All of them in this order. */
  public List<ExtractionExample> all() {
    return Stream.of(entities, relations, entityClasses, textClasses)
        .flatMap(List::stream)
        .toList();
  }
}

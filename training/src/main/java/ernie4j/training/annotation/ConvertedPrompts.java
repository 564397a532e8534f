package ernie4j.training.annotation;

import ernie4j.training.data.ExtractionExample;
import java.util.List;
import java.util.stream.Stream;

/**
 * The prompts that annotations were converted to.
 *
 * @param entities labels as prompts: the positive ones of all texts, then the negative ones
 * @param relations relations as prompts, in the same order; to evaluate on, those of one text are
 *     adjacent
 * @param entityClasses classes of entities as prompts
 * @param textClasses classes of whole texts as prompts
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

  /** {@return all prompts, in the order of the components} */
  public List<ExtractionExample> all() {
    return Stream.of(entities, relations, entityClasses, textClasses)
        .flatMap(List::stream)
        .toList();
  }
}

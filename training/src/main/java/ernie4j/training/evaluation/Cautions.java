package ernie4j.training.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Warnings about metrics that say little, because all examples are alike. */
final class Cautions {
  private Cautions() {}

  /** The sentence, formatted with the number of examples, if all of them have a property. */
  static <E> List<String> ifAll(List<E> examples, Predicate<E> property, String sentence) {
    return examples.stream().allMatch(property)
        ? List.of(String.format(Locale.ROOT, sentence, examples.size()))
        : List.of();
  }

  /**
   * The sentence, formatted with the number of examples and their common value, if there is one.
   */
  static <E> List<String> ifSame(List<E> examples, Function<E, ?> of, String sentence) {
    Set<Object> values = new HashSet<>();
    examples.forEach(example -> values.add(of.apply(example)));
    return values.size() == 1
        ? List.of(String.format(Locale.ROOT, sentence, examples.size(), values.iterator().next()))
        : List.of();
  }
}

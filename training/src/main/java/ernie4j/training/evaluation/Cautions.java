package ernie4j.training.evaluation;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** What makes metrics say little: examples that are all alike. */
final class Cautions {
  private Cautions() {}

  /** The sentence, with the number of examples in it, if all have a property. */
  static <E> List<String> ifAll(List<E> examples, Predicate<E> property, String sentence) {
    return examples.stream().allMatch(property)
        ? List.of(String.format(Locale.ROOT, sentence, examples.size()))
        : List.of();
  }

  /** The sentence, with the number of examples and what they have in common, if there is such. */
  static <E> List<String> ifSame(List<E> examples, Function<E, ?> of, String sentence) {
    Set<Object> values = new HashSet<>();
    examples.forEach(example -> values.add(of.apply(example)));
    return values.size() == 1
        ? List.of(String.format(Locale.ROOT, sentence, examples.size(), values.iterator().next()))
        : List.of();
  }
}

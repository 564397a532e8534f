package ernie4j.training.data;

import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Examples to learn from, examples to evaluate on, and unlabelled examples.
 *
 * @param <T> the type of an example
 * @param train the examples to learn from
 * @param dev the examples to evaluate on
 * @param unlabelled examples to learn from a teacher only; any labels that they have do not count
 */
public record Split<T>(List<T> train, List<T> dev, List<T> unlabelled) {
  /** Keeps unmodifiable copies. */
  public Split {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    unlabelled = List.copyOf(unlabelled);
  }

  /**
   * Two parts of labelled examples, without unlabelled ones.
   *
   * @param train the examples to learn from
   * @param dev the examples to evaluate on
   */
  public Split(List<T> train, List<T> dev) {
    this(train, dev, List.of());
  }

  /**
   * {@return a hash of the examples of all parts, which are told apart by their {@code toString}}
   */
  public String hash() {
    return InputHash.of(List.of(InputHash.of(train), InputHash.of(dev), InputHash.of(unlabelled)));
  }

  /**
   * Replaces the unlabelled examples.
   *
   * @param examples examples to learn from a teacher only
   * @return the same labelled parts with these unlabelled examples
   */
  public Split<T> withUnlabelled(List<T> examples) {
    return new Split<>(train, dev, examples);
  }

  /**
   * Splits labelled examples at random.
   *
   * @param <T> the type of an example
   * @param examples at least two
   * @param devShare the share of the dev part, in (0, 1), for example 0.1; it gets at least one
   *     example
   * @param seed the same seed always gives the same split
   * @return a split without unlabelled examples
   * @throws IllegalArgumentException if the share is not in (0, 1) or there are fewer than two
   *     examples
   */
  public static <T> Split<T> of(List<T> examples, double devShare, long seed) {
    if (!(devShare > 0 && devShare < 1)) {
      throw new IllegalArgumentException("Split: expected a dev share in (0, 1), got " + devShare);
    }
    if (examples.size() < 2) {
      throw new IllegalArgumentException(
          "expected at least 2 examples, one to learn from and one to evaluate on, got %d; give more examples, or separate ones to evaluate on"
              .formatted(examples.size()));
    }
    int[] order = ExampleOrder.shuffled(examples.size(), seed);
    int dev = Math.max(1, (int) (examples.size() * devShare));
    List<T> devPart = new ArrayList<>();
    List<T> trainPart = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      (i < dev ? devPart : trainPart).add(examples.get(order[i]));
    }
    return new Split<>(trainPart, devPart);
  }

  /**
   * Splits labelled examples at random, like {@link #of}, but keeps those with something in common
   * together. Otherwise, a model that learned from one would look better on the others than it is.
   *
   * @param <T> the type of an example
   * @param examples in at least two groups
   * @param common returns what an example has in common with its group, for example the text that
   *     several questions are about
   * @param devShare the share of groups in the dev part, in (0, 1); it gets at least one group
   * @param seed the same seed always gives the same split
   * @return a split without unlabelled examples
   * @throws IllegalArgumentException if the share is not in (0, 1) or all examples belong together
   */
  public static <T> Split<T> ofGroups(
      List<T> examples, Function<T, ?> common, double devShare, long seed) {
    Map<Object, List<T>> groups = new LinkedHashMap<>();
    for (T example : examples) {
      groups.computeIfAbsent(common.apply(example), group -> new ArrayList<>()).add(example);
    }
    Split<List<T>> split = of(List.copyOf(groups.values()), devShare, seed);
    return new Split<>(
        split.train.stream().flatMap(List::stream).toList(),
        split.dev.stream().flatMap(List::stream).toList());
  }
}

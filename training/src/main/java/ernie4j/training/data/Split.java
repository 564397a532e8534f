package ernie4j.training.data;

import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Examples in two parts, and others whose labels nobody knows.
 *
 * @param train what to learn from
 * @param dev what to evaluate on
 * @param unlabelled what to learn from a teacher only: their labels, if they have any, do not count
 */
public record Split<T>(List<T> train, List<T> dev, List<T> unlabelled) {
  /** Keeps unmodifiable copies. */
  public Split {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    unlabelled = List.copyOf(unlabelled);
  }

  /** Two parts, all of whose examples are labelled. */
  public Split(List<T> train, List<T> dev) {
    this(train, dev, List.of());
  }

  /** A hash of all examples of all parts, which are told apart by their texts. */
  public String hash() {
    return InputHash.of(List.of(InputHash.of(train), InputHash.of(dev), InputHash.of(unlabelled)));
  }

  /** The same parts with these unlabelled examples instead of those that were there. */
  public Split<T> withUnlabelled(List<T> examples) {
    return new Split<>(train, dev, examples);
  }

  /**
   * Splits at random.
   *
   * @param devShare share of the dev part, for example 0.1; it gets at least one example
   * @param seed the same seed always gives the same split
   * @throws IllegalArgumentException if the share is not in (0, 1) or there are fewer than two
   *     examples
   */
  public static <T> Split<T> of(List<T> examples, double devShare, long seed) {
    if (!(devShare > 0 && devShare < 1)) {
      throw new IllegalArgumentException("Split: expected a dev share in (0, 1), got " + devShare);
    }
    if (examples.size() < 2) {
      throw new IllegalArgumentException(
          "expected at least 2 examples, one to learn from and one to evaluate on, got %d; give more, or others to evaluate on"
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
   * As {@link #of}, but examples with something in common stay together: what was learnt of one
   * would make the others look better than they are.
   *
   * @param common what they have in common, for example the text that several questions are about
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

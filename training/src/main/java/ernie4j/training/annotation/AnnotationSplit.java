package ernie4j.training.annotation;

import ernie4j.training.ExampleOrder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The indices of texts in three parts, cut as in the reference: with 10 texts and the shares 0.7,
 * 0.2 and 0.1, the parts have 7, 1 and 2 texts, since 10 (0.7 + 0.2) is slightly below 9 in binary.
 *
 * @param train texts to learn from
 * @param dev texts to evaluate on during the training
 * @param test texts to evaluate on after the training
 */
public record AnnotationSplit(List<Integer> train, List<Integer> dev, List<Integer> test) {
  /** The shares of the reference. */
  public static final List<BigDecimal> USUAL =
      List.of(new BigDecimal("0.8"), new BigDecimal("0.1"), new BigDecimal("0.1"));

  /** Keeps unmodifiable copies. */
  public AnnotationSplit {
    train = List.copyOf(train);
    dev = List.copyOf(dev);
    test = List.copyOf(test);
  }

  /**
   * Splits texts in their given order.
   *
   * @param count the number of texts
   * @param shares the shares of the three parts, or an empty list to learn from all texts
   * @return indices from 0 to {@code count - 1}
   * @throws IllegalArgumentException if there are not three shares from 0 to 1 whose sum is 1
   */
  public static AnnotationSplit of(int count, List<BigDecimal> shares) {
    return of(ordered(count), shares);
  }

  /**
   * Splits texts at random.
   *
   * @param count the number of texts
   * @param shares the shares of the three parts, or an empty list to learn from all texts
   * @param seed the same seed always gives the same split
   * @return indices from 0 to {@code count - 1}
   * @throws IllegalArgumentException if there are not three shares from 0 to 1 whose sum is 1
   */
  public static AnnotationSplit shuffled(int count, List<BigDecimal> shares, long seed) {
    return of(Arrays.stream(ExampleOrder.shuffled(count, seed)).boxed().toList(), shares);
  }

  private static List<Integer> ordered(int count) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      order.add(i);
    }
    return order;
  }

  private static AnnotationSplit of(List<Integer> order, List<BigDecimal> shares) {
    if (shares.isEmpty()) {
      return new AnnotationSplit(order, List.of(), List.of());
    }
    BigDecimal sum = shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    boolean negative = shares.stream().anyMatch(share -> share.signum() < 0);
    if (shares.size() != 3 || negative || sum.compareTo(BigDecimal.ONE) != 0) {
      throw new IllegalArgumentException(
          "expected three shares for training, evaluation and test, each at least 0, whose sum is 1, got "
              + shares);
    }
    double first = shares.get(0).doubleValue();
    int dev = (int) (order.size() * first);
    int test = (int) (order.size() * (first + shares.get(1).doubleValue()));
    return new AnnotationSplit(
        order.subList(0, dev), order.subList(dev, test), order.subList(test, order.size()));
  }
}

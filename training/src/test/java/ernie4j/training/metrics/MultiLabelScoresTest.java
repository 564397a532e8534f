package ernie4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Metrics of sets of labels against their definitions. */
class MultiLabelScoresTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private static double f1(double precision, double recall) {
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : 100.0 * part / all;
  }

  @Property(tries = 200)
  void metricsFollowTheirDefinitions(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int labels,
      @ForAll @IntRange(min = 0, max = 12) int texts) {
    Random random = new Random(seed);
    double chance = random.nextDouble();
    List<String> names = new ArrayList<>();
    for (int l = 0; l < labels; l++) {
      names.add("label " + l);
    }
    MultiLabelScores scores = new MultiLabelScores(names);
    List<Set<String>> expected = new ArrayList<>();
    List<Set<String>> predicted = new ArrayList<>();
    for (int t = 0; t < texts; t++) {
      expected.add(subset(random, names, chance));
      predicted.add(subset(random, names, random.nextBoolean() ? chance : 0));
      scores.add(expected.get(t), predicted.get(t));
    }
    long allExpected = expected.stream().mapToLong(Set::size).sum();
    long allPredicted = predicted.stream().mapToLong(Set::size).sum();
    long allRight = 0;
    double f1Sum = 0;
    int present = 0;
    for (int l = 0; l < labels; l++) {
      String name = names.get(l);
      long wanted = expected.stream().filter(set -> set.contains(name)).count();
      long found = predicted.stream().filter(set -> set.contains(name)).count();
      long right = 0;
      for (int t = 0; t < texts; t++) {
        right += expected.get(t).contains(name) && predicted.get(t).contains(name) ? 1 : 0;
      }
      assertThat(scores.expected(l)).isEqualTo(wanted);
      assertThat(scores.predicted(l)).isEqualTo(found);
      assertThat(scores.right(l)).isEqualTo(right);
      assertThat(scores.precision(l)).isCloseTo(share(right, found), EXACT);
      assertThat(scores.recall(l)).isCloseTo(share(right, wanted), EXACT);
      double own = f1(share(right, found), share(right, wanted));
      assertThat(scores.f1(l)).isCloseTo(own, EXACT);
      allRight += right;
      f1Sum += own;
      present += wanted + found > 0 ? 1 : 0;
    }
    long exact = 0;
    for (int t = 0; t < texts; t++) {
      exact += expected.get(t).equals(predicted.get(t)) ? 1 : 0;
    }
    double precision = share(allRight, allPredicted);
    double recall = share(allRight, allExpected);
    assertThat(scores.texts()).isEqualTo(texts);
    assertThat(scores.microPrecision()).isCloseTo(precision, EXACT);
    assertThat(scores.microRecall()).isCloseTo(recall, EXACT);
    assertThat(scores.microF1()).isCloseTo(f1(precision, recall), EXACT);
    assertThat(scores.macroF1()).isCloseTo(present == 0 ? 0 : f1Sum / present, EXACT);
    assertThat(scores.exactMatch()).isCloseTo(allExpected == 0 ? 0 : share(exact, texts), EXACT);
  }

  private static Set<String> subset(Random random, List<String> names, double chance) {
    List<String> chosen = new ArrayList<>(names);
    chosen.removeIf(name -> random.nextDouble() >= chance);
    return Set.copyOf(chosen);
  }

  @Test
  void metricsAreZeroWithoutExpectedLabels() {
    MultiLabelScores scores = new MultiLabelScores(List.of("a", "b"));
    for (int i = 0; i < 2; i++) {
      assertThat(scores.microPrecision()).isZero();
      assertThat(scores.microRecall()).isZero();
      assertThat(scores.microF1()).isZero();
      assertThat(scores.macroF1()).isZero();
      assertThat(scores.exactMatch()).isZero();
      scores.add(List.of(), List.of());
    }
    scores.add(List.of("a"), List.of("a", "a"));
    assertThat(scores.microF1()).isEqualTo(100);
    assertThat(scores.macroF1()).isEqualTo(100);
    assertThat(scores.exactMatch()).isEqualTo(100);
  }

  @Test
  void unknownLabelsAreRefused() {
    MultiLabelScores scores = new MultiLabelScores(List.of("a", "b"));
    assertThatThrownBy(() -> scores.add(List.of("a"), List.of("c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[a, b]", "'c'");
    assertThat(scores.texts()).isZero();
    assertThat(scores.expected(0)).isZero();
  }
}

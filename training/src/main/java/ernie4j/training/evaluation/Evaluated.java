package ernie4j.training.evaluation;

import ernie4j.training.metrics.ConfusionMatrix;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How good a model is on examples.
 *
 * @param metrics by name, in percent unless a task says otherwise
 * @param confusion of labels, for tasks that have them
 * @param outcomes one per example, in their order; empty for tasks without single answers
 */
public record Evaluated(
    Map<String, Double> metrics, Optional<ConfusionMatrix> confusion, List<Outcome> outcomes) {
  /** Keeps unmodifiable copies. */
  public Evaluated {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    outcomes = List.copyOf(outcomes);
  }

  /**
   * What became of one example.
   *
   * @param score how near to right, from 0 to 1: the probability that the model gave the expected
   *     answer, or its F1
   */
  public record Outcome(String input, String expected, String predicted, double score) {}

  /** The examples with the lowest scores that were not answered as expected. */
  public List<Outcome> worst(int count) {
    return outcomes.stream()
        .filter(o -> !o.expected.equals(o.predicted))
        .sorted(Comparator.comparingDouble(Outcome::score))
        .limit(count)
        .toList();
  }
}

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
 * @param labels of each label on its own, for tasks whose labels are not known to the model
 */
public record Evaluated(
    Map<String, Double> metrics,
    Optional<ConfusionMatrix> confusion,
    List<Outcome> outcomes,
    Map<String, Measures> labels) {
  /** Keeps unmodifiable copies. */
  public Evaluated {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    outcomes = List.copyOf(outcomes);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** An evaluation without measures of single labels. */
  public Evaluated(
      Map<String, Double> metrics, Optional<ConfusionMatrix> confusion, List<Outcome> outcomes) {
    this(metrics, confusion, outcomes, Map.of());
  }

  /**
   * How well one label is found, in percent.
   *
   * @param expected how often it should have been
   * @param predicted how often it was, right or wrong
   */
  public record Measures(
      double precision, double recall, double f1, long expected, long predicted) {}

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

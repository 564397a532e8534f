package ernie4j.training.evaluation;

import ernie4j.training.metrics.ConfusionMatrix;
import ernie4j.training.metrics.Reliability;
import ernie4j.training.metrics.SpanScores;
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
 * @param labels measures of each label on its own, for slots and for tasks whose labels the model
 *     does not know
 * @param parts metrics on some of the examples, by what these have in common
 */
public record Evaluated(
    Map<String, Double> metrics,
    Optional<ConfusionMatrix> confusion,
    List<Outcome> outcomes,
    Map<String, Measures> labels,
    Map<String, Part> parts) {
  /** Keeps unmodifiable copies. */
  public Evaluated {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    outcomes = List.copyOf(outcomes);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /**
   * Creates an evaluation without parts.
   *
   * @param metrics by name, in percent unless a task says otherwise
   * @param confusion of labels, for tasks that have them
   * @param outcomes one per example, in their order; empty for tasks without single answers
   * @param labels measures of each label on its own, by its name
   */
  public Evaluated(
      Map<String, Double> metrics,
      Optional<ConfusionMatrix> confusion,
      List<Outcome> outcomes,
      Map<String, Measures> labels) {
    this(metrics, confusion, outcomes, labels, Map.of());
  }

  /**
   * Creates an evaluation without parts and without measures of single labels.
   *
   * @param metrics by name, in percent unless a task says otherwise
   * @param confusion of labels, for tasks that have them
   * @param outcomes one per example, in their order; empty for tasks without single answers
   */
  public Evaluated(
      Map<String, Double> metrics, Optional<ConfusionMatrix> confusion, List<Outcome> outcomes) {
    this(metrics, confusion, outcomes, Map.of());
  }

  /**
   * How well one label is found, in percent.
   *
   * @param precision how much of what was found is right, in percent
   * @param recall how much of what should have been found was found, in percent
   * @param f1 the harmonic mean of precision and recall, in percent
   * @param expected how often the label should have been found
   * @param predicted how often it was found, right or wrong
   */
  public record Measures(
      double precision, double recall, double f1, long expected, long predicted) {
    static Measures of(SpanScores scores) {
      return new Measures(
          scores.precision(), scores.recall(), scores.f1(), scores.expected(), scores.predicted());
    }
  }

  /**
   * How good a model is on some of the examples.
   *
   * @param examples the number of these examples
   * @param metrics by name, like those of all examples
   */
  public record Part(int examples, Map<String, Double> metrics) {
    /** Keeps an unmodifiable copy. */
    public Part {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /**
   * Returns this evaluation with more parts.
   *
   * @param more parts to put before the present ones; a present part replaces one of the same name
   * @return a new evaluation
   */
  public Evaluated withParts(Map<String, Part> more) {
    Map<String, Part> all = new LinkedHashMap<>(more);
    all.putAll(parts);
    return new Evaluated(metrics, confusion, outcomes, labels, all);
  }

  /**
   * The result for one example.
   *
   * @param input the text, as it is shown to people
   * @param expected the right answer, as it is shown
   * @param predicted the model's answer, as it is shown; an error message if it gave none
   * @param score how near to right, from 0 to 1: the probability that the model gave the expected
   *     answer, or its F1
   * @param confidence the probability that the model gives its own answer; NaN if it reports none,
   *     0 if there is no answer
   * @param right whether the answer counts as right
   */
  public record Outcome(
      String input,
      String expected,
      String predicted,
      double score,
      double confidence,
      boolean right) {
    /**
     * Creates an outcome for a task without confidence. The answer is right if it equals the
     * expected one.
     *
     * @param input the text, as it is shown to people
     * @param expected the right answer, as it is shown
     * @param predicted the model's answer, as it is shown; an error message if it gave none
     * @param score how near to right, from 0 to 1
     */
    public Outcome(String input, String expected, String predicted, double score) {
      this(input, expected, predicted, score, Double.NaN, expected.equals(predicted));
    }
  }

  /**
   * Compares the model's confidence with how often it is right.
   *
   * @return the confidence of every outcome; empty if there are no outcomes, or one has no
   *     confidence
   */
  public Optional<Reliability> reliability() {
    boolean said = outcomes.stream().noneMatch(o -> Double.isNaN(o.confidence));
    Reliability reliability = new Reliability();
    outcomes.forEach(o -> reliability.add(o.confidence, o.right));
    return said && !outcomes.isEmpty() ? Optional.of(reliability) : Optional.empty();
  }

  /**
   * Returns the examples with the lowest scores whose answer differs from the expected one.
   *
   * @param count the largest number of examples to return, 0 or more
   * @return the outcomes, the lowest score first, unmodifiable
   */
  public List<Outcome> worst(int count) {
    return outcomes.stream()
        .filter(o -> !o.expected.equals(o.predicted))
        .sorted(Comparator.comparingDouble(Outcome::score))
        .limit(count)
        .toList();
  }
}

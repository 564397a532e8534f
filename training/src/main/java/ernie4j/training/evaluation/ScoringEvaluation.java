package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TextScorer;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.Correlations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates scores of texts and pairs by their rank and linear correlation with the expected ones.
 */
public final class ScoringEvaluation {
  /** The metric that decides which model is kept: the rank correlation in percent. */
  public static final String SPEARMAN = "spearman";

  private ScoringEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which cuts long texts.
   *
   * @param model a scoring model
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static TextScorer pipeline(Model model, Kernels kernels, Parallel parallel) {
    return TextScorer.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /**
   * Warns if all examples have the same score.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<ScoredExample> examples) {
    return Cautions.ifSame(
        examples,
        ScoredExample::score,
        "all %,d examples to evaluate on have the score %s; correlations with it are 0");
  }

  /**
   * Runs a pipeline on examples without looking at their scores.
   *
   * @param scorer the pipeline to run
   * @param examples texts and pairs, with or without scores
   * @return one result or error per example, in their order
   */
  public static List<Attempt<TextScorer.Result>> answers(
      TextScorer scorer, List<ScoredExample> examples) {
    return Attempts.of(
        examples,
        ScoredExample::text,
        ScoredExample::pair,
        scorer::tryScore,
        scorer::tryScorePairs);
  }

  /**
   * Evaluates a pipeline. A text that it cannot read counts with the score 0.
   *
   * @param scorer the pipeline to evaluate
   * @param examples texts and pairs with scores
   * @return Spearman's and Pearson's correlations times 100, the mean squared error, and one
   *     outcome per example
   */
  public static Evaluated of(TextScorer scorer, List<ScoredExample> examples) {
    List<Attempt<TextScorer.Result>> answers = answers(scorer, examples);
    Correlations correlations = new Correlations();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      ScoredExample example = examples.get(i);
      double found = answers.get(i).isSuccess() ? answers.get(i).result().value() : 0;
      correlations.add(example.score(), found);
      outcomes.add(
          new Outcome(
              example.toDisplay(),
              shown(example.score()),
              answers.get(i).error().orElse(shown(found)),
              1 / (1 + Math.abs(example.score() - found))));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(SPEARMAN, correlations.spearman());
    metrics.put("pearson", correlations.pearson());
    metrics.put("mean_squared_error", correlations.meanSquaredError());
    return new Evaluated(metrics, Optional.empty(), outcomes);
  }

  private static String shown(double score) {
    return String.format(Locale.ROOT, "%.4f", score);
  }
}

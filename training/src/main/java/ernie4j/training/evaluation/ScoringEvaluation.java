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

/** Scores of texts and pairs: rank and linear correlation with those expected. */
public final class ScoringEvaluation {
  public static final String SPEARMAN = "spearman";

  private ScoringEvaluation() {}

  /** The pipeline that is evaluated: it cuts what is too long. */
  public static TextScorer pipeline(Model model, Kernels kernels, Parallel parallel) {
    return TextScorer.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /** What a pipeline answers to examples; their scores are not looked at. */
  public static List<Attempt<TextScorer.Result>> answers(
      TextScorer scorer, List<ScoredExample> examples) {
    return Attempts.of(
        examples,
        ScoredExample::text,
        ScoredExample::pair,
        scorer::tryScore,
        scorer::tryScorePairs);
  }

  /** Evaluates a pipeline; a text that it cannot read counts with the score 0. */
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

package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Score;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.MultiLabelScores;
import ernie4j.training.metrics.SpanScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates labels of texts and pairs by micro and macro F1 and by exact matches of label sets. */
public final class MultiLabelEvaluation {
  /** The metric that decides which model is kept: the F1 of all labels of all texts in percent. */
  public static final String MICRO_F1 = "micro_f1";

  private MultiLabelEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which cuts long texts.
   *
   * @param model a multi-label classifier
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static MultiLabelClassifier pipeline(Model model, Kernels kernels, Parallel parallel) {
    return MultiLabelClassifier.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /**
   * Warns if no example has a label.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<MultiLabelExample> examples) {
    return Cautions.ifAll(
        examples,
        example -> example.labels().isEmpty(),
        "none of the %,d examples to evaluate on has a label; every metric is 0");
  }

  /**
   * Runs a pipeline on examples without looking at their labels.
   *
   * @param classifier the pipeline to run
   * @param examples texts and pairs, with or without labels
   * @return one result or error per example, in their order
   */
  public static List<Attempt<MultiLabelClassifier.Result>> answers(
      MultiLabelClassifier classifier, List<MultiLabelExample> examples) {
    return Attempts.of(
        examples,
        MultiLabelExample::text,
        MultiLabelExample::pair,
        classifier::tryClassify,
        classifier::tryClassifyPairs);
  }

  /**
   * Evaluates a pipeline.
   *
   * @param classifier the pipeline to evaluate
   * @param examples texts and pairs with all their labels
   * @return micro and macro F1, micro precision and recall and exact match in percent, and one
   *     outcome per example
   * @throws IllegalArgumentException if an example has an unknown label
   */
  public static Evaluated of(MultiLabelClassifier classifier, List<MultiLabelExample> examples) {
    Labels labels = new Labels(classifier.labels());
    examples.forEach(example -> example.labels().forEach(labels::index));
    List<Attempt<MultiLabelClassifier.Result>> answers = answers(classifier, examples);
    MultiLabelScores scores = new MultiLabelScores(labels.names());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      MultiLabelExample example = examples.get(i);
      boolean isRead = answers.get(i).isSuccess();
      List<String> found = isRead ? answers.get(i).result().labels() : List.of();
      if (isRead) {
        scores.add(example.labels(), found);
      } else {
        scores.addUnanswered(example.labels());
      }
      outcomes.add(
          new Outcome(
              example.toDisplay(),
              shown(example.labels()),
              answers.get(i).error().orElse(shown(found)),
              isRead ? SpanScores.ofText(example.labels(), found) : 0,
              isRead ? confidence(answers.get(i).result(), found) : 0,
              isRead && Set.copyOf(found).equals(Set.copyOf(example.labels()))));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(MICRO_F1, scores.microF1());
    metrics.put("macro_f1", scores.macroF1());
    metrics.put("micro_precision", scores.microPrecision());
    metrics.put("micro_recall", scores.microRecall());
    metrics.put("exact_match", scores.exactMatch());
    return new Evaluated(metrics, Optional.empty(), outcomes);
  }

  /** The probability that exactly the labels that were found apply. */
  private static double confidence(MultiLabelClassifier.Result result, List<String> found) {
    double confidence = 1;
    for (Score score : result.scores()) {
      double applies = score.probability();
      confidence *= found.contains(score.label()) ? applies : 1 - applies;
    }
    return confidence;
  }

  private static String shown(List<String> labels) {
    return String.join(", ", labels.stream().sorted().toList());
  }
}

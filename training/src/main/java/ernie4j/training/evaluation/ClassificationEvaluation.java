package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.Score;
import ernie4j.pipeline.TextClassifier;
import ernie4j.training.data.Labels;
import ernie4j.training.data.TextExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates classes of texts and pairs by accuracy, macro F1 and Matthews correlation. */
public final class ClassificationEvaluation {
  /** The metric that decides which model is kept: the percentage of right answers. */
  public static final String ACCURACY = "accuracy";

  private ClassificationEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which cuts long texts.
   *
   * @param model a sequence classifier
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static TextClassifier pipeline(Model model, Kernels kernels, Parallel parallel) {
    return TextClassifier.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /**
   * Warns if all examples have the same class.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<TextExample> examples) {
    return Cautions.ifSame(
        examples,
        TextExample::requireLabel,
        "all %,d examples to evaluate on have the class '%s'; a model that always predicts it reaches 100 %%");
  }

  /**
   * Runs a pipeline on examples without looking at their labels.
   *
   * @param classifier the pipeline to run
   * @param examples texts and pairs, with or without labels
   * @return one result or error per example, in their order
   */
  public static List<Attempt<TextClassifier.Result>> answers(
      TextClassifier classifier, List<TextExample> examples) {
    return Attempts.of(
        examples,
        TextExample::text,
        TextExample::pair,
        classifier::tryClassify,
        classifier::tryClassifyPairs);
  }

  /**
   * Evaluates a pipeline.
   *
   * @param classifier the pipeline to evaluate
   * @param examples labelled texts and pairs
   * @return accuracy, macro F1 and Matthews correlation, all in percent, with a confusion matrix
   *     and one outcome per example
   * @throws IllegalArgumentException if an example has no label or an unknown one
   */
  public static Evaluated of(TextClassifier classifier, List<TextExample> examples) {
    Labels labels = new Labels(classifier.labels());
    int[] expected = examples.stream().mapToInt(e -> labels.index(e.requireLabel())).toArray();
    List<Attempt<TextClassifier.Result>> answers = answers(classifier, examples);
    ConfusionMatrix confusion = new ConfusionMatrix(labels.names());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < expected.length; i++) {
      String label = labels.name(expected[i]);
      Attempt<TextClassifier.Result> answer = answers.get(i);
      if (answer.isSuccess()) {
        confusion.add(expected[i], labels.index(answer.result().label()));
      } else {
        confusion.addUnanswered(expected[i]);
      }
      int own = expected[i];
      outcomes.add(
          new Outcome(
              examples.get(i).toDisplay(),
              label,
              answer.isSuccess() ? answer.result().label() : answer.error().orElse(""),
              answer.isSuccess() ? probability(answer.result().scores(), own) : 0,
              answer.isSuccess() ? answer.result().probability() : 0,
              answer.isSuccess() && answer.result().label().equals(label)));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(ACCURACY, confusion.accuracy());
    metrics.put("macro_f1", confusion.macroF1());
    metrics.put("matthews", confusion.matthews());
    return new Evaluated(metrics, Optional.of(confusion), outcomes);
  }

  private static double probability(List<Score> scores, int label) {
    return scores.get(label).probability();
  }
}

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

/** Classes of texts and pairs: accuracy, macro F1 and Matthews correlation. */
public final class ClassificationEvaluation {
  public static final String ACCURACY = "accuracy";

  private ClassificationEvaluation() {}

  /** The pipeline that is evaluated: it cuts what is too long. */
  public static TextClassifier pipeline(Model model, Kernels kernels, Parallel parallel) {
    return TextClassifier.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /** What makes the metrics of these examples say little, as sentences. */
  public static List<String> cautions(List<TextExample> examples) {
    return Cautions.ifSame(
        examples,
        TextExample::requireLabel,
        "all %,d examples to evaluate on have the class '%s'; a model that knows no other has 100 %%");
  }

  /** What a pipeline answers to examples; their labels are not looked at. */
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

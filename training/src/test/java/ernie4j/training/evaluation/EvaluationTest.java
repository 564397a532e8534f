package ernie4j.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.Parallel;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.ChoiceSelector;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.task.TinyObjective;
import ernie4j.training.task.TinyTasks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The metrics of texts, computed again from the answers by simple code. The models are good, so
 * some of the expected labels are made wrong, and some texts have no tokens.
 */
class EvaluationTest {
  static final Offset<Double> NEARLY = Offset.offset(1e-9);

  private final Kernels kernels = Kernels.best();
  private final Parallel parallel = Parallel.serial();

  private static double share(int of, ToDoubleFunction<Integer> value) {
    return 100 * IntStream.range(0, of).mapToDouble(value::applyAsDouble).sum() / of;
  }

  @Test
  void classesOfTextsAndPairs() {
    List<TextExample> examples = new ArrayList<>();
    for (TextExample e : TinyTasks.texts(120).dev()) {
      boolean wrong = examples.size() % 4 == 0;
      examples.add(new TextExample(e.text(), null, wrong ? "open" : e.label()));
    }
    examples.add(2, new TextExample(" ", null, "good"));
    examples.add(5, new TextExample("甲好", "乙", "good"));
    examples.add(9, new TextExample("甲好", "", "open"));
    TextClassifier classifier =
        ClassificationEvaluation.pipeline(TinyObjective.CLASSIFY.trained(), kernels, parallel);
    Evaluated evaluated = ClassificationEvaluation.of(classifier, examples);
    List<String> expected = examples.stream().map(TextExample::requireLabel).toList();
    List<String> found =
        ClassificationEvaluation.answers(classifier, examples).stream()
            .map(a -> a.isSuccess() ? a.result().label() : "nothing")
            .toList();
    assertThat(found).hasSize(33).contains("nothing", "good", "bad", "open");
    Map<String, Double> metrics = evaluated.metrics();
    double accuracy = share(33, i -> expected.get(i).equals(found.get(i)) ? 1 : 0);
    assertThat(accuracy).isBetween(50.0, 95.0);
    assertThat(metrics.get("accuracy")).isCloseTo(accuracy, NEARLY);
    double f1 = 0;
    for (String label : classifier.labels()) {
      double right = share(33, i -> all(label, expected.get(i), found.get(i)));
      double either = share(33, i -> all(label, expected.get(i)) + all(label, found.get(i)));
      f1 += 2 * right / either / 3;
    }
    assertThat(metrics.get("macro_f1")).isCloseTo(100 * f1, NEARLY);
    double matthews =
        covariance(expected, found)
            / Math.sqrt(covariance(expected, expected) * covariance(found, found));
    assertThat(metrics.get("matthews")).isCloseTo(100 * matthews, NEARLY);
    assertThat(metrics).hasSize(3);
    assertOutcomes(evaluated, 33, 2, 9);
  }

  private static int all(String label, String... names) {
    return List.of(names).stream().allMatch(label::equals) ? 1 : 0;
  }

  /** The sum over the labels, each as 1 or 0. */
  private static double covariance(List<String> a, List<String> b) {
    Set<String> labels = new HashSet<>(a);
    labels.addAll(b);
    int n = a.size();
    double sum = 0;
    for (String label : labels) {
      double both = share(n, i -> all(label, a.get(i), b.get(i))) / 100;
      double inA = share(n, i -> all(label, a.get(i))) / 100;
      sum += both - inA * share(n, i -> all(label, b.get(i))) / 100;
    }
    return sum;
  }

  /** Texts that could not be read are among the worst and say why. */
  static void assertOutcomes(Evaluated evaluated, int count, int... unread) {
    assertThat(evaluated.outcomes()).hasSize(count);
    for (int i : unread) {
      Evaluated.Outcome outcome = evaluated.outcomes().get(i);
      assertThat(outcome.predicted()).contains("has no tokens");
      assertThat(evaluated.worst(count)).contains(outcome);
    }
  }

  @Test
  void anyNumberOfLabels() {
    List<MultiLabelExample> examples = new ArrayList<>();
    for (MultiLabelExample e : TinyTasks.labelled(120).dev()) {
      boolean wrong = examples.size() % 4 == 0;
      examples.add(
          new MultiLabelExample(e.text(), e.pair(), wrong ? List.of("far", "bad") : e.labels()));
    }
    examples.add(1, new MultiLabelExample("", null, List.of()));
    examples.add(4, new MultiLabelExample(" ", "甲", List.of("good")));
    MultiLabelClassifier classifier =
        MultiLabelEvaluation.pipeline(TinyObjective.LABEL.trained(), kernels, parallel);
    Evaluated evaluated = MultiLabelEvaluation.of(classifier, examples);
    List<Attempt<MultiLabelClassifier.Result>> answers =
        MultiLabelEvaluation.answers(classifier, examples);
    int n = examples.size();
    double right = 0;
    double found = 0;
    double expected = 0;
    double exact = 0;
    double f1 = 0;
    for (String label : List.of("good", "bad", "far")) {
      double ownRight = 0;
      double own = 0;
      for (int i = 0; i < n; i++) {
        boolean said =
            answers.get(i).isSuccess() && answers.get(i).result().labels().contains(label);
        boolean applies = examples.get(i).labels().contains(label);
        ownRight += said && applies ? 1 : 0;
        own += (said ? 1 : 0) + (applies ? 1 : 0);
        found += said ? 1 : 0;
        expected += applies ? 1 : 0;
      }
      right += ownRight;
      f1 += 2 * ownRight / own / 3;
    }
    for (int i = 0; i < n; i++) {
      exact +=
          answers.get(i).isSuccess()
                  && Set.copyOf(answers.get(i).result().labels())
                      .equals(Set.copyOf(examples.get(i).labels()))
              ? 1
              : 0;
    }
    Map<String, Double> metrics = evaluated.metrics();
    assertThat(exact / n).isBetween(0.5, 0.95);
    assertThat(metrics.get("micro_f1")).isCloseTo(200 * right / (found + expected), NEARLY);
    assertThat(metrics.get("micro_precision")).isCloseTo(100 * right / found, NEARLY);
    assertThat(metrics.get("micro_recall")).isCloseTo(100 * right / expected, NEARLY);
    assertThat(metrics.get("macro_f1")).isCloseTo(100 * f1, NEARLY);
    assertThat(metrics.get("exact_match")).isCloseTo(100 * exact / n, NEARLY);
    assertThat(metrics).hasSize(5);
    assertOutcomes(evaluated, n, 1, 4);
  }

  /** No label was found because nothing was read, which must not count as right. */
  @Test
  void unreadableTextIsWrongEvenIfNoLabelIsExpected() {
    MultiLabelClassifier classifier =
        MultiLabelEvaluation.pipeline(TinyObjective.LABEL.trained(), kernels, parallel);
    List<MultiLabelExample> examples =
        List.of(
            new MultiLabelExample(" ", null, List.of()),
            new MultiLabelExample("好甲乙", null, List.of("good")));
    Evaluated evaluated = MultiLabelEvaluation.of(classifier, examples);
    assertThat(evaluated.metrics())
        .containsEntry("exact_match", 50.0)
        .containsEntry("micro_f1", 100.0);
    assertThat(evaluated.outcomes().get(0).score()).isZero();
    assertThat(evaluated.outcomes().get(1).score()).isEqualTo(1);
  }

  @Test
  void scores() {
    for (TinyObjective tiny : List.of(TinyObjective.SCORE, TinyObjective.SQUARE)) {
      List<ScoredExample> examples = new ArrayList<>();
      for (ScoredExample e : TinyTasks.scores(120).dev()) {
        boolean wrong = examples.size() % 4 == 0;
        examples.add(new ScoredExample(e.text(), e.pair(), wrong ? 0.35 : e.score()));
      }
      examples.add(3, new ScoredExample(" ", null, 0.9));
      examples.add(7, new ScoredExample("好", " ", 0.1));
      TextScorer scorer = ScoringEvaluation.pipeline(tiny.trained(), kernels, parallel);
      Evaluated evaluated = ScoringEvaluation.of(scorer, examples);
      double[] expected = examples.stream().mapToDouble(ScoredExample::score).toArray();
      double[] found =
          ScoringEvaluation.answers(scorer, examples).stream()
              .mapToDouble(a -> a.isSuccess() ? a.result().value() : 0)
              .toArray();
      assertThat(found[3]).isZero();
      double squares = share(32, i -> (expected[i] - found[i]) * (expected[i] - found[i])) / 100;
      Map<String, Double> metrics = evaluated.metrics();
      assertThat(metrics.get("mean_squared_error")).isCloseTo(squares, NEARLY);
      assertThat(metrics.get("pearson")).isCloseTo(correlation(expected, found), NEARLY);
      assertThat(metrics.get("spearman"))
          .isCloseTo(correlation(ranks(expected), ranks(found)), NEARLY)
          .isBetween(30.0, 95.0);
      assertThat(metrics).hasSize(3);
      assertOutcomes(evaluated, 32, 3, 7);
    }
  }

  private static double correlation(double[] a, double[] b) {
    return 100 * product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  }

  /** The sum of the products of the deviations from the means. */
  private static double product(double[] a, double[] b) {
    double meanA = share(a.length, i -> a[i]) / 100;
    double meanB = share(b.length, i -> b[i]) / 100;
    return share(a.length, i -> (a[i] - meanA) * (b[i] - meanB));
  }

  private static double[] ranks(double[] values) {
    double[] ranks = new double[values.length];
    for (int i = 0; i < ranks.length; i++) {
      for (double other : values) {
        ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
      }
    }
    return ranks;
  }

  @Test
  void choices() {
    List<ChoiceExample> examples = new ArrayList<>();
    for (ChoiceExample e : TinyTasks.choices(120).dev()) {
      boolean wrong = examples.size() % 4 == 0;
      examples.add(
          new ChoiceExample(
              e.context(), e.question(), e.choices(), wrong ? 1 - e.answer() % 2 : e.answer()));
    }
    examples.add(2, new ChoiceExample(" ", "在", List.of("甲好", "乙坏"), 0));
    examples.add(6, new ChoiceExample("甲", "", List.of("甲好", " "), 0));
    ChoiceSelector selector =
        MultipleChoiceEvaluation.pipeline(TinyObjective.CHOOSE.trained(), kernels, parallel);
    Evaluated evaluated = MultipleChoiceEvaluation.of(selector, examples);
    List<Attempt<ChoiceSelector.Result>> answers =
        MultipleChoiceEvaluation.answers(selector, examples);
    double accuracy =
        share(
            32,
            i ->
                answers.get(i).isSuccess()
                        && answers
                            .get(i)
                            .result()
                            .choice()
                            .equals(examples.get(i).choices().get(examples.get(i).answer()))
                    ? 1
                    : 0);
    assertThat(accuracy).isBetween(50.0, 95.0);
    assertThat(evaluated.metrics()).containsOnlyKeys("accuracy");
    assertThat(evaluated.metrics().get("accuracy")).isCloseTo(accuracy, NEARLY);
    assertOutcomes(evaluated, 32, 2, 6);
    ChoiceExample open = new ChoiceExample("甲", "在", List.of("甲好", "乙坏"), -1);
    assertThat(MultipleChoiceEvaluation.answers(selector, List.of(open)).get(0).result().index())
        .isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MultipleChoiceEvaluation.of(selector, List.of(open)))
        .withMessageContaining("expected an answer for every question, got none for '在'");
  }

  @Test
  void missingOrUnknownLabelsAreRefused() {
    TextClassifier classifier =
        ClassificationEvaluation.pipeline(TinyObjective.CLASSIFY.trained(), kernels, parallel);
    List<TextExample> open = List.of(new TextExample("甲好", null, null));
    assertThat(ClassificationEvaluation.answers(classifier, open).get(0).result().label())
        .isEqualTo("good");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassificationEvaluation.of(classifier, open))
        .withMessageContaining("expected a label for every text, got none for '甲好'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ClassificationEvaluation.of(classifier, List.of(TextExample.of("甲", "best"))))
        .withMessageContaining("label 'best' is unknown");
    MultiLabelClassifier labels =
        MultiLabelEvaluation.pipeline(TinyObjective.LABEL.trained(), kernels, parallel);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MultiLabelEvaluation.of(
                    labels, List.of(new MultiLabelExample("甲", null, List.of("best")))))
        .withMessageContaining("label 'best' is unknown");
  }
}

package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.ChoiceSelector;
import ernie4j.pipeline.LongText;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions with several answers: the share for which the right one is picked. */
public final class MultipleChoiceEvaluation {
  public static final String ACCURACY = "accuracy";

  private MultipleChoiceEvaluation() {}

  /** The pipeline that is evaluated: it cuts what is too long. */
  public static ChoiceSelector pipeline(Model model, Kernels kernels, Parallel parallel) {
    return ChoiceSelector.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /** What a pipeline answers to examples; their answers are not looked at. */
  public static List<Attempt<ChoiceSelector.Result>> answers(
      ChoiceSelector selector, List<ChoiceExample> examples) {
    return selector.trySelect(examples.stream().map(ChoiceExample::toQuestion).toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @throws IllegalArgumentException if an example has no answer
   */
  public static Evaluated of(ChoiceSelector selector, List<ChoiceExample> examples) {
    ChoiceExample.requireAnswers(examples);
    List<Attempt<ChoiceSelector.Result>> answers = answers(selector, examples);
    List<Outcome> outcomes = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < answers.size(); i++) {
      ChoiceExample example = examples.get(i);
      Attempt<ChoiceSelector.Result> answer = answers.get(i);
      boolean isRight = answer.isSuccess() && answer.result().index() == example.answer();
      right += isRight ? 1 : 0;
      outcomes.add(
          new Outcome(
              example.question().isEmpty()
                  ? example.context()
                  : example.question() + " | " + example.context(),
              example.choices().get(example.answer()),
              answer.isSuccess() ? answer.result().choice() : answer.error().orElse(""),
              answer.isSuccess() ? answer.result().probabilities().get(example.answer()) : 0));
    }
    double accuracy = 100.0 * right / Math.max(1, answers.size());
    return new Evaluated(Map.of(ACCURACY, accuracy), Optional.empty(), outcomes);
  }
}

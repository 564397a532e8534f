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

/** Evaluates answers to multiple-choice questions by accuracy. */
public final class MultipleChoiceEvaluation {
  /** The metric that decides which model is kept: the percentage of questions answered right. */
  public static final String ACCURACY = "accuracy";

  private MultipleChoiceEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which cuts long texts.
   *
   * @param model a multiple-choice model
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static ChoiceSelector pipeline(Model model, Kernels kernels, Parallel parallel) {
    return ChoiceSelector.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.TRUNCATE);
  }

  /**
   * Runs a pipeline on examples without looking at their answers.
   *
   * @param selector the pipeline to run
   * @param examples questions, with or without answers
   * @return one result or error per example, in their order
   */
  public static List<Attempt<ChoiceSelector.Result>> answers(
      ChoiceSelector selector, List<ChoiceExample> examples) {
    return selector.trySelect(examples.stream().map(ChoiceExample::toQuestion).toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @param selector the pipeline to evaluate
   * @param examples questions with their answers
   * @return the accuracy in percent, and one outcome per example
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

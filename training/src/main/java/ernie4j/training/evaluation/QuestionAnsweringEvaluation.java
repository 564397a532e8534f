package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.AnswerScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluates answers in texts by exact match and F1, counted as the script of CMRC 2018 does. If
 * some questions have no answer, both are also given for either kind of question, as in SQuAD 2.
 */
public final class QuestionAnsweringEvaluation {
  /** The metric that decides which model is kept: the percentage of exact answers. */
  public static final String EXACT = "exact_match";

  private QuestionAnsweringEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which reads long contexts in windows.
   *
   * @param model a question-answering model
   * @param stride tokens from one window to the next, at least 1
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static QuestionAnswerer pipeline(
      Model model, int stride, Kernels kernels, Parallel parallel) {
    return QuestionAnswerer.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.WINDOW)
        .withStride(stride);
  }

  /**
   * Warns if no question has an answer.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<QuestionExample> examples) {
    return Cautions.ifAll(
        examples,
        QuestionExample::impossible,
        "none of the %,d questions to evaluate on has an answer; exact match and F1 are 0");
  }

  /**
   * Runs a pipeline on examples without looking at their answers.
   *
   * @param reader the pipeline to run
   * @param examples questions, with or without answers
   * @return one result or error per example, in their order
   */
  public static List<Attempt<QuestionAnswerer.Result>> answers(
      QuestionAnswerer reader, List<QuestionExample> examples) {
    return reader.tryAnswer(examples.stream().map(QuestionExample::toQuery).toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @param reader the pipeline to evaluate
   * @param examples questions that have answers or are known to have none
   * @return exact match and F1 in percent, and one outcome per example
   * @throws IllegalArgumentException if an example is not labelled
   */
  public static Evaluated of(QuestionAnswerer reader, List<QuestionExample> examples) {
    for (QuestionExample example : examples) {
      if (!example.isLabelled()) {
        throw new IllegalArgumentException(
            "expected answers for every question, or that it has none; question '%s' has neither"
                .formatted(example.id()));
      }
    }
    List<Attempt<QuestionAnswerer.Result>> answers = answers(reader, examples);
    AnswerScores scores = new AnswerScores();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      QuestionExample example = examples.get(i);
      boolean isRead = answers.get(i).isSuccess();
      String found = isRead ? text(answers.get(i).result()) : "";
      List<String> expected = example.answerTexts();
      if (isRead) {
        scores.add(expected, found);
      } else {
        scores.addUnanswered(expected);
      }
      boolean exact = isRead && AnswerScores.isExact(expected, found);
      outcomes.add(
          new Outcome(
              example.question() + " | " + example.context(),
              exact ? found : expected.stream().findFirst().orElse(""),
              answers.get(i).error().orElse(found),
              isRead ? AnswerScores.f1(expected, found) : 0));
    }
    return new Evaluated(metrics(scores), Optional.empty(), outcomes);
  }

  /** The text of the best answer; empty if there is none. */
  private static String text(QuestionAnswerer.Result result) {
    return result.best().map(QuestionAnswerer.Answer::text).orElse("");
  }

  private static Map<String, Double> metrics(AnswerScores scores) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(EXACT, scores.exactMatch());
    metrics.put("f1", scores.f1());
    if (scores.impossible() > 0) {
      metrics.put("answerable_exact_match", scores.answerableExactMatch());
      metrics.put("answerable_f1", scores.answerableF1());
      metrics.put("no_answer_accuracy", scores.impossibleAccuracy());
    }
    return metrics;
  }
}

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
 * Answers in texts: exact match and F1 as the script of CMRC 2018 counts them; where some questions
 * have no answer, also those of both kinds of questions, as SQuAD 2 does.
 */
public final class QuestionAnsweringEvaluation {
  public static final String EXACT = "exact_match";

  private QuestionAnsweringEvaluation() {}

  /**
   * The pipeline that is evaluated: it reads long contexts in windows.
   *
   * @param stride tokens from one window to the next
   */
  public static QuestionAnswerer pipeline(
      Model model, int stride, Kernels kernels, Parallel parallel) {
    return QuestionAnswerer.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.WINDOW)
        .withStride(stride);
  }

  /** What a pipeline answers to examples; their answers are not looked at. */
  public static List<Attempt<QuestionAnswerer.Result>> answers(
      QuestionAnswerer reader, List<QuestionExample> examples) {
    return reader.tryAnswer(examples.stream().map(QuestionExample::toQuery).toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @throws IllegalArgumentException if it is not known what is right for an example
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

  /** The best answer; empty if there is none. */
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

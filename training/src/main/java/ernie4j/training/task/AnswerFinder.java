package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.QuestionAnsweringHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.metrics.AnswerScores;
import ernie4j.training.task.Evaluated.Outcome;
import ernie4j.training.task.QuestionWindows.Window;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the answer to a question in its context: of all spans of at most 50 tokens in all windows
 * the one with the largest sum of start and end logit. (The reference looks only at the 20 largest
 * of each.)
 */
public final class AnswerFinder {
  static final String EXACT = "exact_match";

  private static final int LONGEST_ANSWER = 50;

  private final Inference model;
  private final int stride;

  /**
   * A finder.
   *
   * @param stride tokens from one window of a long context to the next
   * @throws IllegalArgumentException if the model is for another task
   */
  public AnswerFinder(Inference model, int stride) {
    model.requireTask(TaskNames.QUESTION_ANSWERING);
    this.model = model;
    this.stride = stride;
  }

  /**
   * An answer.
   *
   * @param start index of its first char in the context
   * @param end index behind its last char
   * @param score sum of both logits, to compare answers by
   */
  public record Answer(String text, int start, int end, double score) {}

  /**
   * The best answer to every question, in their order; empty and without place if there is none.
   */
  public List<Answer> predict(List<QuestionExample> examples) {
    List<Window> windows = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>();
    for (QuestionExample example : examples) {
      firsts.add(windows.size());
      windows.addAll(QuestionWindows.of(example, model.tokenizer(), model.maxLength(), stride));
    }
    firsts.add(windows.size());
    Answer[] best = new Answer[windows.size()];
    QuestionAnsweringHead head =
        QuestionAnsweringHead.of(model.encoder(), model.model().parameters());
    model.run(
        windows.stream().map(Window::input).toList(),
        (first, states) -> {
          QuestionAnsweringHead.Spans logits = head.logits(states);
          RaggedBatch batch = states.batch();
          for (int s = 0; s < batch.sequences(); s++) {
            best[first + s] = best(windows.get(first + s), logits, batch.start(s));
          }
        });
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      Answer answer = best[firsts.get(i)];
      for (int w = firsts.get(i) + 1; w < firsts.get(i + 1); w++) {
        answer = best[w].score > answer.score ? best[w] : answer;
      }
      String context = examples.get(i).context();
      answers.add(
          new Answer(
              context.substring(answer.start, answer.end), answer.start, answer.end, answer.score));
    }
    return answers;
  }

  /** The best span of a window, without its text. */
  private static Answer best(Window window, QuestionAnsweringHead.Spans logits, int offset) {
    Answer best = new Answer("", 0, 0, Double.NEGATIVE_INFINITY);
    int first = offset + window.first();
    for (int end = 0; end < window.ends().length; end++) {
      for (int start = Math.max(0, end - LONGEST_ANSWER + 1); start <= end; start++) {
        double score = (double) logits.start()[first + start] + logits.end()[first + end];
        if (score > best.score) {
          best = new Answer("", window.starts()[start], window.ends()[end], score);
        }
      }
    }
    return best;
  }

  /** Exact match and F1 as the script of CMRC 2018 counts them. */
  public Evaluated evaluate(List<QuestionExample> examples) {
    List<Answer> answers = predict(examples);
    AnswerScores scores = new AnswerScores();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      QuestionExample example = examples.get(i);
      String found = answers.get(i).text();
      List<String> expected = example.answerTexts();
      scores.add(expected, found);
      boolean exact = expected.stream().anyMatch(e -> AnswerScores.isExact(e, found));
      outcomes.add(
          new Outcome(
              example.question() + " | " + example.context(),
              exact ? found : expected.stream().findFirst().orElse(""),
              found,
              expected.stream().mapToDouble(e -> AnswerScores.f1(e, found)).max().orElse(0)));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(EXACT, scores.exactMatch());
    metrics.put("f1", scores.f1());
    return new Evaluated(metrics, Optional.empty(), outcomes);
  }
}

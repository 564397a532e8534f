package ernie4j.training.data;

import java.util.List;

/**
 * A question about a text that holds its answer.
 *
 * @param id for messages and predictions
 * @param context the text
 * @param answers the right answers; empty where it is to be predicted. Training uses the first one
 *     that has a place
 */
public record QuestionExample(String id, String question, String context, List<Answer> answers) {
  /** Keeps an unmodifiable copy. */
  public QuestionExample {
    answers = List.copyOf(answers);
  }

  /** The texts of the answers. */
  public List<String> answerTexts() {
    return answers.stream().map(Answer::text).toList();
  }

  /**
   * An answer.
   *
   * @param start index of its first char (UTF-16) in the context, -1 if it does not stand there:
   *     such an answer counts in an evaluation but nothing is learnt from it
   */
  public record Answer(String text, int start) {
    /** Index behind its last char. */
    public int end() {
      return start + text.length();
    }
  }
}

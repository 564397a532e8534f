package ernie4j.training.data;

import ernie4j.pipeline.QuestionAnswerer;
import java.util.List;

/**
 * A question about a text. There are three kinds: it has answers; it is known to have none ({@code
 * impossible}); or it is unlabelled and its answer is to be predicted.
 *
 * @param id names the question in messages and predictions
 * @param question the question
 * @param context the text that it is about
 * @param answers the right answers; empty if there are none or they are unknown. Training uses the
 *     first one found in the context
 * @param impossible whether the text is known not to answer the question
 */
public record QuestionExample(
    String id, String question, String context, List<Answer> answers, boolean impossible) {
  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if an impossible question has answers
   */
  public QuestionExample {
    answers = List.copyOf(answers);
    if (impossible && !answers.isEmpty()) {
      throw new IllegalArgumentException(
          "question %s: expected no answers for a question that has none, got %s"
              .formatted(id, answers));
    }
  }

  /**
   * A question with answers or, if the list is empty, an unlabelled one.
   *
   * @param id names the question in messages and predictions
   * @param question the question
   * @param context the text that it is about
   * @param answers the right answers; empty if they are unknown
   */
  public QuestionExample(String id, String question, String context, List<Answer> answers) {
    this(id, question, context, answers, false);
  }

  /**
   * Creates a question that is known to have no answer in the text.
   *
   * @param id names the question in messages and predictions
   * @param question the question
   * @param context the text that it is about
   * @return an impossible question
   */
  public static QuestionExample impossible(String id, String question, String context) {
    return new QuestionExample(id, question, context, List.of(), true);
  }

  /**
   * Creates a question whose answer is unknown.
   *
   * @param id names the question in messages and predictions
   * @param question the question
   * @param context the text that it is about
   * @return an unlabelled question
   */
  public static QuestionExample unlabelled(String id, String question, String context) {
    return new QuestionExample(id, question, context, List.of(), false);
  }

  /** {@return whether the right result is known, be it one of the answers or none} */
  public boolean isLabelled() {
    return impossible || !answers.isEmpty();
  }

  /** {@return the question as the pipeline takes it, without its answers} */
  public QuestionAnswerer.Query toQuery() {
    return new QuestionAnswerer.Query(question, context);
  }

  /** {@return the texts of the answers, in their order} */
  public List<String> answerTexts() {
    return answers.stream().map(Answer::text).toList();
  }

  /**
   * An answer.
   *
   * @param text the text of the answer
   * @param start index of its first char (UTF-16) in the context; -1 if it is not found there. Such
   *     an answer counts in an evaluation, but nothing is learned from it
   */
  public record Answer(String text, int start) {
    /** {@return the index after its last char} */
    public int end() {
      return start + text.length();
    }
  }
}

package ernie4j.training.data;

import ernie4j.pipeline.QuestionAnswerer;
import java.util.List;

/**
 * A question about a text. It is one of three: it has answers; it is known to have none ({@code
 * impossible}); or, with neither, it is not labelled and its answer is to be predicted.
 *
 * @param id for messages and predictions
 * @param context the text
 * @param answers the right answers. Training uses the first one that has a place
 * @param impossible whether it is known that the text does not answer the question
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
          "question %s: expected no answers of a question that has none, got %s"
              .formatted(id, answers));
    }
  }

  /** A question with answers; without any, one that is not labelled. */
  public QuestionExample(String id, String question, String context, List<Answer> answers) {
    this(id, question, context, answers, false);
  }

  /** A question that is known to have no answer in the text. */
  public static QuestionExample impossible(String id, String question, String context) {
    return new QuestionExample(id, question, context, List.of(), true);
  }

  /** A question whose answer is not known. */
  public static QuestionExample unlabelled(String id, String question, String context) {
    return new QuestionExample(id, question, context, List.of(), false);
  }

  /** Whether it is known what is right: one of the answers, or none. */
  public boolean isLabelled() {
    return impossible || !answers.isEmpty();
  }

  /** The question as the pipeline takes it, without its answers. */
  public QuestionAnswerer.Query toQuery() {
    return new QuestionAnswerer.Query(question, context);
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

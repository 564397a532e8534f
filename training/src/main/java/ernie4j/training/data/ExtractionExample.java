package ernie4j.training.data;

import java.util.Comparator;
import java.util.List;

/**
 * A text, a prompt and its answers: what an extractor learns from.
 *
 * @param content the text to search
 * @param prompt what is looked for, for example {@code 时间}, {@code 北京奥运会的举办时间} or {@code
 *     情感倾向[正向,负向]}
 * @param answers the right answers in any order; empty if the text holds no answer to the prompt
 */
public record ExtractionExample(String content, String prompt, List<Answer> answers) {
  /** Options first, then by start, then by end. */
  static final Comparator<Answer> BY_PLACE =
      Comparator.comparing(Answer::inPrompt)
          .reversed()
          .thenComparingInt(Answer::start)
          .thenComparingInt(Answer::end);

  /**
   * An answer.
   *
   * @param start index of its first char (UTF-16) in the text or, for an option, in the prompt
   * @param end index after its last char
   * @param inPrompt whether it is one of the options of the prompt
   */
  public record Answer(int start, int end, boolean inPrompt) {
    /**
     * Creates an answer that is a part of the text.
     *
     * @param start index of its first char in the text
     * @param end index after its last char
     * @return an answer in the text
     */
    public static Answer ofText(int start, int end) {
      return new Answer(start, end, false);
    }

    /**
     * Creates an answer that is an option of the prompt.
     *
     * @param start index of its first char in the prompt
     * @param end index after its last char
     * @return an answer in the prompt
     */
    public static Answer ofPrompt(int start, int end) {
      return new Answer(start, end, true);
    }
  }

  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if the prompt is blank or an answer is empty or out of bounds
   */
  public ExtractionExample {
    answers = List.copyOf(answers);
    if (prompt.isBlank()) {
      throw new IllegalArgumentException(
          "ExtractionExample: expected a prompt, got none for '%s'".formatted(content));
    }
    for (Answer answer : answers) {
      int length = (answer.inPrompt ? prompt : content).length();
      if (answer.start < 0 || answer.end <= answer.start || answer.end > length) {
        throw new IllegalArgumentException(
            "ExtractionExample: expected answers within %d characters, got %s"
                .formatted(length, answer));
      }
    }
  }

  /**
   * Cuts out an answer.
   *
   * @param answer one of {@link #answers}
   * @return the text of the answer
   */
  public String text(Answer answer) {
    return (answer.inPrompt ? prompt : content).substring(answer.start, answer.end);
  }

  /** {@return the texts of the answers, in their order} */
  public List<String> texts() {
    return answers.stream().map(this::text).toList();
  }

  /**
   * Counts the answers that share characters with an earlier one. The spans that a model returns
   * for a prompt do not overlap, so it cannot learn all of these.
   *
   * @return the number of overlapping answers
   */
  public long overlaps() {
    long overlaps = 0;
    int end = 0;
    boolean inPrompt = true;
    for (Answer answer : answers.stream().sorted(BY_PLACE).toList()) {
      end = answer.inPrompt == inPrompt ? end : 0;
      overlaps += answer.start < end ? 1 : 0;
      end = Math.max(end, answer.end);
      inPrompt = answer.inPrompt;
    }
    return overlaps;
  }
}

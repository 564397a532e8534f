package ernie4j.training.data;

import java.util.Comparator;
import java.util.List;

/**
 * A text, a prompt and the answers to it: what an extractor learns from.
 *
 * @param content the text
 * @param prompt what is looked for, for example {@code 时间}, {@code 北京奥运会的举办时间} or {@code
 *     情感倾向[正向,负向]}
 * @param answers the right answers in any order; none where the text holds no answer to the prompt
 */
public record ExtractionExample(String content, String prompt, List<Answer> answers) {
  /** Options first, then by the first char, then by the last. */
  static final Comparator<Answer> BY_PLACE =
      Comparator.comparing(Answer::inPrompt)
          .reversed()
          .thenComparingInt(Answer::start)
          .thenComparingInt(Answer::end);

  /**
   * An answer.
   *
   * @param start index of its first char (UTF-16) in the text, or in the prompt
   * @param end index behind its last char
   * @param inPrompt whether it is one of the options in the prompt
   */
  public record Answer(int start, int end, boolean inPrompt) {
    /** A part of the text. */
    public static Answer ofText(int start, int end) {
      return new Answer(start, end, false);
    }

    /** An option in the prompt. */
    public static Answer ofPrompt(int start, int end) {
      return new Answer(start, end, true);
    }
  }

  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if the prompt is blank or an answer is empty or stands outside
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

  /** The text of an answer. */
  public String text(Answer answer) {
    return (answer.inPrompt ? prompt : content).substring(answer.start, answer.end);
  }

  /** The texts of the answers. */
  public List<String> texts() {
    return answers.stream().map(this::text).toList();
  }

  /**
   * How many answers share characters with another one before them. A model gives spans of a prompt
   * that do not overlap, so it cannot learn all of these.
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

package ernie4j.training.data;

import ernie4j.pipeline.ChoiceSelector;
import java.util.List;

/**
 * A text, a question about it and several answers, one of which is right.
 *
 * @param context the text that the answer follows from
 * @param question the question; may be empty, for example if a choice fills a gap in the context
 * @param choices at least two
 * @param answer the index of the right choice; -1 if it is to be predicted
 */
public record ChoiceExample(String context, String question, List<String> choices, int answer) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there are fewer than two choices or no such answer
   */
  public ChoiceExample {
    choices = List.copyOf(choices);
    if (choices.size() < 2 || answer < -1 || answer >= choices.size()) {
      throw new IllegalArgumentException(
          "expected at least two choices and the index of one of them, got %d choices and index %d"
              .formatted(choices.size(), answer));
    }
  }

  /** {@return the question as the pipeline takes it, without its answer} */
  public ChoiceSelector.Question toQuestion() {
    return new ChoiceSelector.Question(context, question, choices);
  }

  /**
   * Checks that all questions have an answer.
   *
   * @param examples the questions to check
   * @throws IllegalArgumentException if one has none
   */
  public static void requireAnswers(List<ChoiceExample> examples) {
    for (ChoiceExample example : examples) {
      if (example.answer < 0) {
        throw new IllegalArgumentException(
            "expected an answer for every question, got none for '%s' with the choices %s"
                .formatted(example.question, example.choices));
      }
    }
  }
}

package ernie4j.training.evaluation;

import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import java.util.Arrays;

/** Shows answers within their text, for people. */
final class MarkedText {
  /** How many characters are shown around an answer. */
  private static final int AROUND = 12;

  private MarkedText() {}

  /**
   * The answers in angle brackets, each with a little of the text around it, for example {@code
   * …天在⟨南京⟩见到⟨张三⟩。}; answers that are options come first. Empty if there are no answers.
   */
  static String of(ExtractionExample example) {
    String text = example.content();
    int[] opened = new int[text.length() + 1];
    int[] closed = new int[text.length() + 1];
    boolean[] shown = new boolean[text.length()];
    StringBuilder marked = new StringBuilder();
    boolean any = false;
    for (Answer answer : example.answers()) {
      if (answer.inPrompt()) {
        marked.append('⟨').append(example.text(answer)).append('⟩');
      } else {
        any = true;
        opened[answer.start()]++;
        closed[answer.end()]++;
        int from = boundary(text, answer.start() - AROUND);
        Arrays.fill(shown, from, boundary(text, answer.end() + AROUND), true);
      }
    }
    for (int i = 0; any && i <= text.length(); i++) {
      marked.append("⟩".repeat(closed[i]));
      if (i < text.length() && shown[i]) {
        marked.append("⟨".repeat(opened[i])).append(text.charAt(i));
      } else if (i < text.length() && (i == 0 || shown[i - 1])) {
        marked.append('…');
      }
    }
    return marked.toString();
  }

  /** A position in a text, moved if it would split a surrogate pair. */
  private static int boundary(String text, int place) {
    int at = Math.max(0, Math.min(text.length(), place));
    boolean inPair = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
    return inPair ? at - 1 : at;
  }
}

package ernie4j.training.task;

import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.data.QuestionExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a question and a long context into inputs that a model can read: {@code [CLS] question [SEP]
 * part of the context [SEP]}, the parts beginning {@code stride} tokens apart (SQuAD's way).
 */
final class QuestionWindows {
  /** The reference's distance between two windows. */
  static final int STRIDE = 128;

  private QuestionWindows() {}

  /**
   * One input.
   *
   * @param first index of its first token of the context
   * @param starts for every token of the context in it, its first char in the context
   * @param ends and the char behind its last
   */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Window(Input input, int first, int[] starts, int[] ends) {
    /** The index of the token with the char, -1 if it is in no token of this window. */
    private int tokenAt(int place) {
      for (int i = 0; i < starts.length; i++) {
        if (starts[i] <= place && place < ends[i]) {
          return first + i;
        }
      }
      return -1;
    }

    /**
     * The first and the last token of an answer; both 0, the [CLS], if it is not wholly in this
     * window.
     */
    int[] answer(QuestionExample.Answer answer) {
      int start = tokenAt(answer.start());
      int end = tokenAt(answer.end() - 1);
      return start < 0 || end < 0 ? new int[] {0, 0} : new int[] {start, end};
    }
  }

  /**
   * All windows over a context. A question may take up to half of an input and is cut beyond that.
   */
  static List<Window> of(QuestionExample example, Tokenizer tokenizer, int maxLength, int stride) {
    Encoding question = tokenizer.encode(example.question());
    Encoding context = tokenizer.encode(example.context());
    int asked = Math.min(question.length() - 2, Math.max(1, maxLength / 2 - 2));
    int tokens = context.length() - 2;
    int room = maxLength - asked - 3;
    int step = Math.min(stride, room);
    List<Window> windows = new ArrayList<>();
    int from = 0;
    while (windows.isEmpty() || from < tokens) {
      int size = Math.min(room, tokens - from);
      windows.add(window(question, asked, context, from, size));
      from = from + size >= tokens ? tokens : from + step;
    }
    return windows;
  }

  private static Window window(Encoding question, int asked, Encoding context, int from, int size) {
    int first = asked + 2;
    int[] ids = new int[first + size + 1];
    int[] types = new int[ids.length];
    System.arraycopy(question.ids(), 0, ids, 0, asked + 1);
    ids[asked + 1] = question.id(question.length() - 1);
    System.arraycopy(context.ids(), 1 + from, ids, first, size);
    ids[first + size] = context.id(context.length() - 1);
    Arrays.fill(types, first, types.length, 1);
    int[] starts = new int[size];
    int[] ends = new int[size];
    Arrays.setAll(starts, i -> context.start(1 + from + i));
    Arrays.setAll(ends, i -> context.end(1 + from + i));
    return new Window(new Input(ids, types), first, starts, ends);
  }
}

package ernie4j.training.task;

import ernie4j.tokenizer.Encoding;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import java.util.TreeSet;

/**
 * The tokens of an input at which answers begin and end. An answer is left out if either of its
 * ends is in no token (blanks, or text that was cut off): half of it would teach a wrong span.
 *
 * @param starts indices of tokens, ascending
 * @param ends indices of tokens, ascending
 * @param missing how many answers were left out
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ExtractionEdges(int[] starts, int[] ends, int missing) {
  /** Positions of the tokens of an input. */
  interface Places {
    int length();

    /**
     * Whether a token belongs to the prompt or, otherwise, to the text; [CLS] and [SEP] belong to
     * neither.
     */
    boolean isIn(int token, boolean prompt);

    /** Index of a token's first char (UTF-16) in its text. */
    int start(int token);

    /** Index after a token's last char. */
    int end(int token);

    static Places of(Encoding encoding) {
      return new Places() {
        @Override
        public int length() {
          return encoding.length();
        }

        @Override
        public boolean isIn(int token, boolean prompt) {
          return !encoding.isSpecial(token) && encoding.sequence(token) == (prompt ? 0 : 1);
        }

        @Override
        public int start(int token) {
          return encoding.start(token);
        }

        @Override
        public int end(int token) {
          return encoding.end(token);
        }
      };
    }
  }

  static ExtractionEdges of(ExtractionExample example, Places places) {
    TreeSet<Integer> starts = new TreeSet<>();
    TreeSet<Integer> ends = new TreeSet<>();
    int missing = 0;
    for (Answer answer : example.answers()) {
      int start = token(places, answer.start(), answer.inPrompt());
      int end = token(places, answer.end() - 1, answer.inPrompt());
      if (start < 0 || end < 0) {
        missing++;
      } else {
        starts.add(start);
        ends.add(end);
      }
    }
    return new ExtractionEdges(array(starts), array(ends), missing);
  }

  private static int[] array(TreeSet<Integer> tokens) {
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The index of the token that a char belongs to; -1 if there is none. */
  private static int token(Places places, int place, boolean inPrompt) {
    for (int token = 0; token < places.length(); token++) {
      if (places.isIn(token, inPrompt)
          && places.start(token) <= place
          && place < places.end(token)) {
        return token;
      }
    }
    return -1;
  }
}

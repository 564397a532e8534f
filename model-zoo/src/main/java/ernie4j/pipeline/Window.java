package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.function.IntUnaryOperator;

/**
 * The tokens of an encoding that go through the encoder at once: the first {@code fixed} ones
 * ([CLS], or [CLS] question [SEP]), those from {@code from} to before {@code to}, and the last
 * token ([SEP]).
 *
 * @param encoding the encoding of the whole text or pair
 * @param fixed how many of the first tokens every window repeats
 * @param from index of the first token of the text that is in this window
 * @param to index after the last one
 * @param cut whether a part of the input is in no window
 */
public record Window(Encoding encoding, int fixed, int from, int to, boolean cut) {
  /** The window over a whole encoding, whose first {@code fixed} tokens are never cut. */
  static Window whole(Encoding encoding, int fixed) {
    return new Window(encoding, fixed, fixed, encoding.length() - 1, false);
  }

  Window withCut() {
    return new Window(encoding, fixed, from, to, true);
  }

  /** {@return the number of tokens} */
  public int length() {
    return fixed + to - from + 1;
  }

  /** {@return the token ids, [{@link #length}]; a new array} */
  public int[] ids() {
    return part(encoding::id);
  }

  /**
   * {@return the token types, [{@link #length}]: 0, or 1 for the second text of a pair; a new
   * array}
   */
  public int[] typeIds() {
    return part(encoding::typeId);
  }

  /**
   * Finds the token with a char of the text that is read in windows.
   *
   * @param place index of the char (UTF-16)
   * @return the index of the token in this window; -1 if none of this window's tokens has the char
   */
  public int tokenAt(int place) {
    for (int t = from; t < to; t++) {
      if (encoding.start(t) <= place && place < encoding.end(t)) {
        return fixed + t - from;
      }
    }
    return -1;
  }

  private int[] part(IntUnaryOperator value) {
    int[] part = new int[length()];
    for (int t = 0; t < part.length - 1; t++) {
      part[t] = value.applyAsInt(t < fixed ? t : t - fixed + from);
    }
    part[part.length - 1] = value.applyAsInt(encoding.length() - 1);
    return part;
  }
}

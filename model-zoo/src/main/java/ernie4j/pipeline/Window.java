package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.function.IntUnaryOperator;

/**
 * The tokens of an encoding that go through the encoder at once: the first {@code fixed} ones
 * ([CLS], or [CLS] question [SEP]), those from {@code from} to before {@code to}, and the last one
 * ([SEP]).
 *
 * @param cut whether a part of the input is in no window
 */
public record Window(Encoding encoding, int fixed, int from, int to, boolean cut) {
  /** A whole encoding, of which the first {@code fixed} tokens are not of the text to be cut. */
  static Window whole(Encoding encoding, int fixed) {
    return new Window(encoding, fixed, fixed, encoding.length() - 1, false);
  }

  Window withCut() {
    return new Window(encoding, fixed, from, to, true);
  }

  /** The number of tokens. */
  public int length() {
    return fixed + to - from + 1;
  }

  /** The token ids. */
  public int[] ids() {
    return part(encoding::id);
  }

  /** The token types: 1 for the second text of a pair. */
  public int[] typeIds() {
    return part(encoding::typeId);
  }

  /**
   * The index in this window of the token with a char of the text that is read in windows; -1 if it
   * is in none of this window.
   *
   * @param place index of the char (UTF-16)
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

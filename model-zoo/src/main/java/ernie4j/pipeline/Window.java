package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.Arrays;

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
    return part(encoding.ids());
  }

  /** The token types: 1 for the second text of a pair. */
  public int[] typeIds() {
    return part(encoding.typeIds());
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

  private int[] part(int[] all) {
    if (length() == all.length) {
      return all;
    }
    int[] part = Arrays.copyOf(all, length());
    System.arraycopy(all, from, part, fixed, to - from);
    part[part.length - 1] = all[all.length - 1];
    return part;
  }
}

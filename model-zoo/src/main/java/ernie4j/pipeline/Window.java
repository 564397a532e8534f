package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.Arrays;

/**
 * The tokens of an encoding that go through the encoder at once: the first {@code fixed} ones
 * ([CLS], or [CLS] question [SEP]), those from {@code from} to before {@code to}, and the last one
 * ([SEP]).
 */
record Window(Encoding encoding, int fixed, int from, int to) {
  /** A whole encoding, of which the first {@code fixed} tokens are not of the text to be cut. */
  static Window whole(Encoding encoding, int fixed) {
    return new Window(encoding, fixed, fixed, encoding.length() - 1);
  }

  int length() {
    return fixed + to - from + 1;
  }

  /** Whether tokens behind this window are left out. */
  boolean isCut() {
    return to < encoding.length() - 1;
  }

  int[] ids() {
    return part(encoding.ids());
  }

  int[] typeIds() {
    return part(encoding.typeIds());
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

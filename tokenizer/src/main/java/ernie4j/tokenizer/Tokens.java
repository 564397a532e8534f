package ernie4j.tokenizer;

import java.util.Arrays;

/** A growing list of token ids with their places in the text. */
final class Tokens {
  private int length;
  private int[] ids = new int[32];
  private int[] starts = new int[32];
  private int[] ends = new int[32];

  void add(int id, int start, int end) {
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length);
      starts = Arrays.copyOf(starts, 2 * length);
      ends = Arrays.copyOf(ends, 2 * length);
    }
    ids[length] = id;
    starts[length] = start;
    ends[length] = end;
    length++;
  }

  /** Forgets all tokens from {@code newLength} on. */
  void cut(int newLength) {
    length = Math.min(length, newLength);
  }

  int length() {
    return length;
  }

  int id(int token) {
    return ids[token];
  }

  int start(int token) {
    return starts[token];
  }

  int end(int token) {
    return ends[token];
  }
}

package ernie4j.pipeline;

import ernie4j.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;

/**
 * How a pipeline cuts texts.
 *
 * @param longText what happens to texts of more than {@code maxLength} tokens
 * @param maxLength the most tokens of a pass, [CLS] and [SEP] included
 * @param stride tokens from the start of one window to that of the next; 0 for half a window
 */
record LengthPolicy(LongText longText, int maxLength, int stride) {
  LengthPolicy withLongText(LongText policy) {
    return new LengthPolicy(policy, maxLength, stride);
  }

  /** This policy with another choice for long texts, for a pipeline that needs the whole text. */
  LengthPolicy withLongTextButNoWindows(LongText policy) {
    if (policy == LongText.WINDOW) {
      throw new IllegalArgumentException(
          "long text: windows suit token tagging, question answering and embedding only; expected"
              + " ERROR or TRUNCATE");
    }
    return withLongText(policy);
  }

  LengthPolicy withMaxLength(int tokens) {
    if (tokens < 4 || tokens > maxLength) {
      throw new IllegalArgumentException(
          String.format("maximum length: expected 4 to %d tokens, got %d", maxLength, tokens));
    }
    return new LengthPolicy(longText, tokens, stride);
  }

  LengthPolicy withStride(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("stride: expected at least 1 token, got " + tokens);
    }
    return new LengthPolicy(longText, maxLength, tokens);
  }

  /**
   * The passes over an encoding: one, or, for a long text under {@link LongText#WINDOW}, several
   * that overlap.
   *
   * @param operation the caller's method, for messages
   * @param fixed how many of the first tokens every window repeats
   * @throws IllegalArgumentException if the text is too long and may not be cut, or the repeated
   *     tokens leave no room for others
   */
  List<Window> windows(String operation, Encoding encoding, int fixed) {
    if (encoding.length() <= maxLength) {
      return List.of(Window.whole(encoding, fixed));
    }
    requireCutting(operation, encoding.length());
    int room = maxLength - fixed - 1;
    if (room < 1) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the question alone has %d tokens, which leaves no room for the context in the %d that are read at once; shorten it",
              operation, fixed - 2, maxLength));
    }
    if (longText == LongText.TRUNCATE) {
      return List.of(new Window(encoding, fixed, fixed, fixed + room, true));
    }
    int end = encoding.length() - 1;
    int step = stride == 0 ? Math.max(1, room / 2) : Math.min(stride, room);
    List<Window> windows = new ArrayList<>();
    for (int from = fixed; ; from += step) {
      // The last window moves back so that it is as long as the others.
      int start = Math.min(from, end - room);
      windows.add(new Window(encoding, fixed, start, start + room, false));
      if (start + room == end) {
        return windows;
      }
    }
  }

  /**
   * The parts of an encoding that one text has: one, or, for a long text under {@link
   * LongText#WINDOW}, several that do not overlap. A part begins with a word unless a word is
   * longer than a part.
   *
   * @throws IllegalArgumentException if the text is too long and may not be cut
   */
  List<Window> parts(String operation, Encoding encoding) {
    if (longText != LongText.WINDOW || encoding.length() <= maxLength) {
      return windows(operation, encoding, 1);
    }
    List<Window> parts = new ArrayList<>();
    for (int from = 1; from < encoding.length() - 1; ) {
      int to = encoding.endOfPart(from, maxLength - 2);
      parts.add(new Window(encoding, 1, from, to, false));
      from = to;
    }
    return parts;
  }

  void requireCutting(String operation, int tokens) {
    if (longText == LongText.ERROR) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the text has %d tokens with [CLS] and [SEP] and %d are read at once; shorten it, or choose another policy for long text (withLongText, on the command line --long-text)",
              operation, tokens, maxLength));
    }
  }
}

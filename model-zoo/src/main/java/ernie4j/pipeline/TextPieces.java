package ernie4j.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into the pieces that an extractor reads, as UIE does: by characters. */
final class TextPieces {
  /** [CLS] and two [SEP]. */
  private static final int SPECIAL = 3;

  /** A sentence ends between the two groups of each. A match includes the character after it. */
  private static final List<Pattern> ENDS =
      List.of(
          Pattern.compile("([。！？?])([^”’])"),
          Pattern.compile("(\\.{6})([^”’])"),
          Pattern.compile("(…{2})([^”’])"),
          Pattern.compile("([。！？?][”’])([^，。！？?])"));

  private TextPieces() {}

  /**
   * A piece.
   *
   * @param start index of its first char (UTF-16) in the text
   * @param end index after its last char
   */
  record Piece(int start, int end) {}

  /**
   * The most characters (code points) of a piece, or the most tokens if the prompt is counted in
   * tokens.
   *
   * @param maxLength the most tokens that are read at once
   * @param longestPrompt characters of the longest prompt that is asked
   */
  static int room(int maxLength, int longestPrompt) {
    return maxLength - longestPrompt - SPECIAL;
  }

  /** The pieces of a text in order; an empty text has one empty piece. */
  static List<Piece> of(String text, int room, boolean sentences) {
    List<Piece> pieces = new ArrayList<>();
    for (Piece whole : sentences ? sentences(text) : List.of(new Piece(0, text.length()))) {
      for (int from = whole.start; from < whole.end; ) {
        int left = text.codePointCount(from, whole.end);
        int to = left <= room ? whole.end : text.offsetByCodePoints(from, room);
        pieces.add(new Piece(from, to));
        from = to;
      }
    }
    return pieces.isEmpty() ? List.of(new Piece(0, 0)) : pieces;
  }

  /** The sentences of a text, without trailing white space and line ends. */
  private static List<Piece> sentences(String text) {
    StringBuilder marked = new StringBuilder(text);
    int[] places = new int[text.length()];
    Arrays.setAll(places, i -> i);
    for (Pattern end : ENDS) {
      places = mark(end, marked, places);
    }
    int length = marked.length();
    while (length > 0 && isSpace(marked.charAt(length - 1))) {
      length--;
    }
    List<Piece> sentences = new ArrayList<>();
    for (int from = 0; from < length; ) {
      int lineEnd = marked.indexOf("\n", from);
      int to = lineEnd < 0 ? length : Math.min(length, lineEnd);
      if (to > from) {
        sentences.add(new Piece(places[from], places[to - 1] + 1));
      }
      from = to + 1;
    }
    return sentences;
  }

  /**
   * Inserts a line end after each sentence.
   *
   * @param places for every char of {@code text} its index in the caller's; -1 for inserted line
   *     ends
   * @return the same for the new text
   */
  private static int[] mark(Pattern end, StringBuilder text, int[] places) {
    StringBuilder marked = new StringBuilder(text.length());
    int[] all = new int[2 * places.length];
    int from = 0;
    Matcher matcher = end.matcher(text);
    while (matcher.find()) {
      int to = matcher.start(2);
      System.arraycopy(places, from, all, marked.length(), to - from);
      marked.append(text, from, to);
      all[marked.length()] = -1;
      marked.append('\n');
      from = to;
    }
    System.arraycopy(places, from, all, marked.length(), text.length() - from);
    marked.append(text, from, text.length());
    text.setLength(0);
    text.append(marked);
    return Arrays.copyOf(all, marked.length());
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}

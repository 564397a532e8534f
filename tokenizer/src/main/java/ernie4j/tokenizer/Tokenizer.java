package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Turns text into token ids; safe to share between threads. */
public interface Tokenizer {
  /** The tokens of a text, without [CLS] and [SEP]. */
  List<String> tokenize(String text);

  /** {@code [CLS] text [SEP]}, however long. */
  default Encoding encode(String text) {
    return encode(text, Truncation.DO_NOT_TRUNCATE, Integer.MAX_VALUE);
  }

  /**
   * {@code [CLS] text [SEP]}.
   *
   * @param maxLength the most tokens of the result, [CLS] and [SEP] included
   * @throws IllegalArgumentException if {@code maxLength} leaves no room for [CLS] and [SEP], or
   *     the text is too long and cannot be cut that way
   */
  Encoding encode(String text, Truncation truncation, int maxLength);

  /** {@code [CLS] first [SEP] second [SEP]}, however long; the second part has type id 1. */
  default Encoding encode(String first, String second) {
    return encode(first, second, Truncation.DO_NOT_TRUNCATE, Integer.MAX_VALUE);
  }

  /**
   * {@code [CLS] first [SEP] second [SEP]}; the second part has type id 1.
   *
   * @param maxLength the most tokens of the result, [CLS] and both [SEP] included
   * @throws IllegalArgumentException if {@code maxLength} is below 3, or the pair is too long and
   *     cannot be cut that way
   */
  Encoding encode(String first, String second, Truncation truncation, int maxLength);

  /** The number of tokens of a text, without [CLS] and [SEP]. */
  default int count(String text) {
    return encode(text).length() - 2;
  }

  /**
   * A part of a text.
   *
   * @param start index of its first char (UTF-16)
   * @param end index behind its last char
   * @param tokens how many tokens it has
   */
  record Piece(int start, int end, int tokens) {}

  /**
   * Splits a text into pieces of at most so many tokens, each as long as possible. Pieces end
   * between words; only a word of more tokens is cut, and its parts may have other tokens alone.
   * White space between pieces is in none.
   *
   * @throws IllegalArgumentException if {@code maxTokens} is below 1
   */
  default List<Piece> split(String text, int maxTokens) {
    if (maxTokens < 1) {
      throw new IllegalArgumentException(
          "split: expected pieces of at least 1 token, got " + maxTokens);
    }
    Encoding encoding = encode(text);
    List<Piece> pieces = new ArrayList<>();
    for (int from = 1; from < encoding.length() - 1; ) {
      int to = encoding.endOfPart(from, maxTokens);
      pieces.add(new Piece(encoding.start(from), encoding.end(to - 1), to - from));
      from = to;
    }
    return pieces;
  }

  /** The text of tokens: joined by spaces, word pieces joined to their word. */
  String join(List<String> tokens);

  /** The token of an id, added tokens included. */
  String tokenOf(int id);

  /** The number of ids, added tokens included. */
  int size();

  int padId();

  int clsId();

  int sepId();

  int maskId();

  int unkId();
}

package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** Turns text into token ids. Implementations may be shared between threads. */
public interface Tokenizer {
  /**
   * Splits a text into tokens.
   *
   * @param text the text, however long
   * @return its tokens, without [CLS] and [SEP]
   */
  List<String> tokenize(String text);

  /**
   * Encodes a text as {@code [CLS] text [SEP]}.
   *
   * @param text the text, however long
   * @return its encoding, not truncated
   */
  default Encoding encode(String text) {
    return encode(text, Truncation.DO_NOT_TRUNCATE, Integer.MAX_VALUE);
  }

  /**
   * Encodes a text as {@code [CLS] text [SEP]}.
   *
   * @param text the text
   * @param truncation where to cut if the text is too long
   * @param maxLength the most tokens of the result, [CLS] and [SEP] included
   * @return its encoding, of at most {@code maxLength} tokens
   * @throws IllegalArgumentException if {@code maxLength} leaves no room for [CLS] and [SEP], or
   *     the text is too long and cannot be cut that way
   */
  Encoding encode(String text, Truncation truncation, int maxLength);

  /**
   * Encodes a pair as {@code [CLS] first [SEP] second [SEP]}; the second part has type id 1.
   *
   * @param first the first text
   * @param second the second text
   * @return the encoding of the pair, not truncated
   */
  default Encoding encode(String first, String second) {
    return encode(first, second, Truncation.DO_NOT_TRUNCATE, Integer.MAX_VALUE);
  }

  /**
   * Encodes a pair as {@code [CLS] first [SEP] second [SEP]}; the second part has type id 1.
   *
   * @param first the first text
   * @param second the second text
   * @param truncation where to cut if the pair is too long
   * @param maxLength the most tokens of the result, [CLS] and both [SEP] included
   * @return the encoding of the pair, of at most {@code maxLength} tokens
   * @throws IllegalArgumentException if {@code maxLength} is below 3, or the pair is too long and
   *     cannot be cut that way
   */
  Encoding encode(String first, String second, Truncation truncation, int maxLength);

  /**
   * Counts the tokens of a text.
   *
   * @param text the text
   * @return the number of its tokens, without [CLS] and [SEP]
   */
  default int count(String text) {
    return encode(text).length() - 2;
  }

  /**
   * A part of a text.
   *
   * @param start index of its first char (UTF-16)
   * @param end index after its last char
   * @param tokens the number of its tokens
   */
  record Piece(int start, int end, int tokens) {}

  /**
   * Splits a text into pieces of limited size, each as long as possible. Pieces end between words.
   * Only a word that is longer than a piece is cut; its parts may be tokenized differently on their
   * own. White space between pieces belongs to none.
   *
   * @param text the text
   * @param maxTokens the most tokens of a piece, without [CLS] and [SEP], at least 1
   * @return the pieces in order; empty if the text has no tokens
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

  /**
   * Joins tokens to text: spaces between words, word pieces joined to their word.
   *
   * @param tokens the tokens, as {@link #tokenize} returns them
   * @return the text
   */
  String join(List<String> tokens);

  /**
   * Returns the token of an id.
   *
   * @param id from 0 to {@code size() - 1}
   * @return the token, which may be an added one
   */
  String tokenOf(int id);

  /** {@return the number of ids, added tokens included} */
  int size();

  /** {@return the id of [PAD]} */
  int padId();

  /** {@return the id of [CLS]} */
  int clsId();

  /** {@return the id of [SEP]} */
  int sepId();

  /** {@return the id of [MASK]} */
  int maskId();

  /** {@return the id of [UNK], which stands for words that the vocabulary lacks} */
  int unkId();
}

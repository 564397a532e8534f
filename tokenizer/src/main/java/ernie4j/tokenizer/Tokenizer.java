package ernie4j.tokenizer;

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

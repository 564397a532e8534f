package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tokenized text or pair: ids and, for every token, its position in the text it came from. */
public final class Encoding {
  private final Tokenizer tokenizer;
  private final int[] ids;
  private final int[] starts;
  private final int[] ends;
  private final byte[] parts;

  static final byte SPECIAL_FIRST = 0;
  static final byte SPECIAL_SECOND = 1;
  static final byte FIRST = 2;
  static final byte SECOND = 3;

  Encoding(Tokenizer tokenizer, int[] ids, int[] starts, int[] ends, byte[] parts) {
    this.tokenizer = tokenizer;
    this.ids = ids;
    this.starts = starts;
    this.ends = ends;
    this.parts = parts;
  }

  /**
   * Returns the encoding of the pair of this text and another one, as {@link
   * Tokenizer#encode(String, String)} does. Texts that occur in several pairs need to be tokenized
   * only once this way.
   *
   * @param second the encoding of a single text by the same tokenizer
   * @return the pair {@code [CLS] this [SEP] second [SEP]}, however long
   * @throws IllegalArgumentException if either is a pair already
   */
  public Encoding pairedWith(Encoding second) {
    int a = ids.length;
    int b = second.ids.length - 1;
    for (Encoding text : new Encoding[] {this, second}) {
      if (text.parts[text.parts.length - 1] == SPECIAL_SECOND) {
        throw new IllegalArgumentException("pair: expected two single texts, got a pair");
      }
    }
    int[] allIds = Arrays.copyOf(ids, a + b);
    int[] allStarts = Arrays.copyOf(starts, a + b);
    int[] allEnds = Arrays.copyOf(ends, a + b);
    byte[] allParts = Arrays.copyOf(parts, a + b);
    System.arraycopy(second.ids, 1, allIds, a, b);
    System.arraycopy(second.starts, 1, allStarts, a, b);
    System.arraycopy(second.ends, 1, allEnds, a, b);
    Arrays.fill(allParts, a, a + b - 1, SECOND);
    allParts[a + b - 1] = SPECIAL_SECOND;
    return new Encoding(tokenizer, allIds, allStarts, allEnds, allParts);
  }

  /** {@return the number of tokens, [CLS] and [SEP] included} */
  public int length() {
    return ids.length;
  }

  /** {@return the token ids, [length]; a new array} */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * Returns the id of one token.
   *
   * @param token index of the token, from 0 ([CLS]) to {@code length() - 1}
   * @return its id
   */
  public int id(int token) {
    return ids[token];
  }

  /**
   * {@return the type ids, [length]: 1 for the second text and its [SEP], 0 for all else; a new
   * array}
   */
  public int[] typeIds() {
    int[] types = new int[parts.length];
    for (int t = 0; t < types.length; t++) {
      types[t] = typeId(t);
    }
    return types;
  }

  /**
   * Returns the type id of one token.
   *
   * @param token index of the token, from 0
   * @return 1 for the second text and its [SEP], 0 for all else
   */
  public int typeId(int token) {
    return parts[token] & 1;
  }

  /**
   * Returns the start of a token in its text.
   *
   * @param token index of the token, from 0
   * @return index of its first char (UTF-16); 0 for [CLS] and [SEP]
   */
  public int start(int token) {
    return starts[token];
  }

  /**
   * Returns the end of a token in its text.
   *
   * @param token index of the token, from 0
   * @return index after its last char (UTF-16); 0 for [CLS] and [SEP]
   */
  public int end(int token) {
    return ends[token];
  }

  /**
   * Tells the [CLS] and [SEP] around the texts from tokens of a text.
   *
   * @param token index of the token, from 0
   * @return whether it is a [CLS] or [SEP] that belongs to no text
   */
  public boolean isSpecial(int token) {
    return parts[token] < FIRST;
  }

  /**
   * Returns which text a token belongs to.
   *
   * @param token index of the token, from 0
   * @return 0 for the first text with its [CLS] and [SEP], 1 for the second with its [SEP]
   */
  public int sequence(int token) {
    return parts[token] & 1;
  }

  /** {@return the tokens as the vocabulary has them, [CLS] and [SEP] included; a new list} */
  public List<String> tokens() {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      tokens.add(tokenizer.tokenOf(id));
    }
    return tokens;
  }

  /**
   * Finds where a part of this encoding ends: before a word, or, if the first word is longer than
   * the part may be, within it.
   *
   * @param from the first token of the part
   * @param most the most tokens of the part, at least 1
   * @return the index after the part's last token; the last token of all, [SEP], is in no part
   */
  public int endOfPart(int from, int most) {
    int limit = (int) Math.min(ids.length - 1L, (long) from + most);
    int to = limit;
    while (to < ids.length - 1 && to > from && tokenizer.tokenOf(ids[to]).startsWith("##")) {
      to--;
    }
    return to == from ? limit : to;
  }
}

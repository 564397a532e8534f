package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tokenized text or pair: ids and, for every token, where it stands in the text it came from. */
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
   * The encoding of the pair of this text and another one, as {@link Tokenizer#encode(String,
   * String)} gives it: for texts that stand in several pairs and are tokenized once.
   *
   * @param second the encoding of a single text by the same tokenizer
   * @throws IllegalArgumentException if one of both is a pair already
   */
  public Encoding pairedWith(Encoding second) {
    return joined(second, SECOND, SPECIAL_SECOND);
  }

  /**
   * The encoding of this text and the next one as a single text, {@code [CLS] this [SEP] next
   * [SEP]}, all of type 0: for the first of a pair that is several texts. Places of tokens are
   * those in their own text.
   *
   * @param next the encoding of a single text by the same tokenizer
   * @throws IllegalArgumentException if one of both is a pair
   */
  public Encoding followedBy(Encoding next) {
    return joined(next, FIRST, SPECIAL_FIRST);
  }

  private Encoding joined(Encoding second, byte part, byte special) {
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
    for (int t = 1; t <= b; t++) {
      allParts[a + t - 1] = second.isSpecial(t) ? special : part;
    }
    return new Encoding(tokenizer, allIds, allStarts, allEnds, allParts);
  }

  /** The number of tokens, [CLS] and [SEP] included. */
  public int length() {
    return ids.length;
  }

  /** A copy of the ids. */
  public int[] ids() {
    return ids.clone();
  }

  public int id(int token) {
    return ids[token];
  }

  /** The type ids: 1 for the second text and its [SEP], 0 for all else. */
  public int[] typeIds() {
    int[] types = new int[parts.length];
    for (int t = 0; t < types.length; t++) {
      types[t] = typeId(t);
    }
    return types;
  }

  /** The type id of one token. */
  public int typeId(int token) {
    return parts[token] & 1;
  }

  /** Index of a token's first char (UTF-16) in its text; 0 for [CLS] and [SEP]. */
  public int start(int token) {
    return starts[token];
  }

  /** Index behind a token's last char in its text; 0 for [CLS] and [SEP]. */
  public int end(int token) {
    return ends[token];
  }

  /** Whether a token is a [CLS] or [SEP] that stands around the texts, not in one. */
  public boolean isSpecial(int token) {
    return parts[token] < FIRST;
  }

  /** Which text a token belongs to: 0 or 1. */
  public int sequence(int token) {
    return parts[token] & 1;
  }

  /** The tokens. */
  public List<String> tokens() {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      tokens.add(tokenizer.tokenOf(id));
    }
    return tokens;
  }

  /**
   * Where a part of this encoding ends that begins with a token: before a word, or, if the first
   * word is longer than that, within it.
   *
   * @param from the first token of the part
   * @param most the most tokens of the part, at least 1
   * @return the index behind the part's last token; the last token of all, [SEP], is in no part
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

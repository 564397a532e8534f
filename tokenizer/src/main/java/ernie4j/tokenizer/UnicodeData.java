package ernie4j.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Categories, lower case and decompositions of code points according to Unicode 16.0. They are part
 * of this module because the Unicode version of a JVM depends on its release: this way a text has
 * the same tokens, and an answer the same score, on every JVM.
 */
public final class UnicodeData {
  /** Ideographs, numbers other than digits, spacing and enclosing marks. */
  static final int OTHER = 0;

  /** Categories Cc, Cf, Cs and Co. */
  static final int CONTROL = 1;

  /** Category Cn. */
  static final int UNASSIGNED = 2;

  /** Categories Zs, Zl and Zp. */
  static final int SPACE = 3;

  /** Category P. */
  static final int PUNCTUATION = 4;

  /** Category S. */
  static final int SYMBOL = 5;

  /** Category Mn. */
  static final int NON_SPACING_MARK = 6;

  /** Categories L and Nd without ideographs. */
  static final int WORD_PART = 7;

  /** Categories are stored as runs; the index gives the run of every 64th code point. */
  private static final int INDEX_SHIFT = 6;

  private static final int INDEXED = 0x20000;

  private static final int HANGUL = 0xAC00;
  private static final int HANGUL_END = 0xD7A4;
  private static final int VOWELS = 21;
  private static final int FINALS = 28;

  private UnicodeData() {}

  /** The category of a code point, one of the constants of this class. */
  static int category(int c) {
    if (c >= 0x4E00 && c <= 0x9FFF) {
      return OTHER;
    }
    return Categories.of(c);
  }

  /**
   * Checks whether words are written with a code point.
   *
   * @param c a code point
   * @return whether it is a letter or a digit, but no ideograph
   */
  public static boolean isWordPart(int c) {
    return category(c) == WORD_PART;
  }

  /**
   * Returns the simple lower case of a code point.
   *
   * @param c a code point
   * @return its lower case, or the code point itself if it has none
   */
  public static int lowerCase(int c) {
    if (c < 0x80) {
      return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    // No script between Georgian's supplement and Cyrillic's second extension has cases.
    return c >= 0x2E00 && c < 0xA600 ? c : LowerCases.of(c);
  }

  /**
   * The code points of the canonical decomposition (NFD) without non-spacing marks; empty if the
   * code point is such a mark.
   */
  static int[] baseOf(int c) {
    if (c >= HANGUL && c < HANGUL_END) {
      return syllable(c - HANGUL);
    }
    int[] base = Decompositions.of(c);
    if (base.length > 0) {
      return base;
    }
    return category(c) == NON_SPACING_MARK ? base : new int[] {c};
  }

  /** Hangul syllables are computed from their parts. */
  private static int[] syllable(int syllable) {
    int lead = 0x1100 + syllable / (VOWELS * FINALS);
    int vowel = 0x1161 + syllable / FINALS % VOWELS;
    int last = 0x11A7 + syllable % FINALS;
    return last == 0x11A7 ? new int[] {lead, vowel} : new int[] {lead, vowel, last};
  }

  /** Reads the numbers that {@link UnicodeTables} holds as text. */
  private static final class Numbers {
    private final byte[] text;
    private int at;

    Numbers(String text) {
      // An array, because this runs once and uncompiled: access costs a third of charAt.
      this.text = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    boolean hasNext() {
      return at < text.length;
    }

    /** Five bits per character, the lowest first; a sixth bit tells that more follow. */
    int next() {
      int bits = text[at++] - UnicodeTables.FIRST;
      int value = bits & 31;
      for (int shift = 5; bits >= 32; shift += 5) {
        bits = text[at++] - UnicodeTables.FIRST;
        value |= (bits & 31) << shift;
      }
      return value;
    }

    /** A number that may be negative: its sign is the lowest bit. */
    int nextSigned() {
      int value = next();
      return (value >>> 1) ^ -(value & 1);
    }
  }

  private static final class Categories {
    private static final int[] STARTS;
    private static final byte[] VALUES;
    private static final short[] INDEX;

    // Local variables, because access to a static field calls the JVM until its class is
    // initialized.
    static {
      int[] starts = new int[UnicodeTables.CATEGORY_RUNS];
      byte[] values = new byte[UnicodeTables.CATEGORY_RUNS];
      short[] index = new short[INDEXED >> INDEX_SHIFT];
      Numbers numbers = new Numbers(UnicodeTables.CATEGORIES);
      int start = 0;
      int block = 0;
      for (int run = 0; numbers.hasNext(); run++) {
        int number = numbers.next();
        starts[run] = start;
        values[run] = (byte) (number & 7);
        start += number >>> 3;
        for (; block < index.length && block << INDEX_SHIFT < start; block++) {
          index[block] = (short) run;
        }
      }
      STARTS = starts;
      VALUES = values;
      INDEX = index;
    }

    static int of(int c) {
      if (c >= INDEXED) {
        int run = Arrays.binarySearch(STARTS, c);
        return VALUES[run < 0 ? -run - 2 : run];
      }
      int run = INDEX[c >> INDEX_SHIFT];
      while (STARTS[run + 1] <= c) { // The last run begins beyond the index.
        run++;
      }
      return VALUES[run];
    }
  }

  private static final class LowerCases {
    private static final int[] STARTS;
    private static final int[] ENDS;
    private static final int[] STEPS;
    private static final int[] DISTANCES;

    static {
      int[] starts = new int[UnicodeTables.LOWER_CASE_RUNS];
      int[] ends = new int[starts.length];
      int[] steps = new int[starts.length];
      int[] distances = new int[starts.length];
      Numbers numbers = new Numbers(UnicodeTables.LOWER_CASES);
      int end = 0;
      for (int run = 0; numbers.hasNext(); run++) {
        starts[run] = end + numbers.next();
        steps[run] = numbers.next();
        end = starts[run] + numbers.next();
        ends[run] = end;
        distances[run] = numbers.nextSigned();
      }
      STARTS = starts;
      ENDS = ends;
      STEPS = steps;
      DISTANCES = distances;
    }

    static int of(int c) {
      int run = Arrays.binarySearch(STARTS, c);
      run = run < 0 ? -run - 2 : run;
      boolean has = run >= 0 && c <= ENDS[run] && (c - STARTS[run]) % STEPS[run] == 0;
      return has ? c + DISTANCES[run] : c;
    }
  }

  private static final class Decompositions {
    private static final int[] NONE = {};
    private static final int[] FROM;
    private static final int[][] TO;

    static {
      int[] from = new int[UnicodeTables.DECOMPOSITION_COUNT];
      int[][] to = new int[from.length][];
      Numbers numbers = new Numbers(UnicodeTables.DECOMPOSITIONS);
      int lastFrom = 0;
      int lastTo = 0;
      for (int i = 0; numbers.hasNext(); i++) {
        lastFrom += numbers.next();
        from[i] = lastFrom;
        int[] parts = new int[numbers.next()];
        for (int j = 0; j < parts.length; j++) {
          lastTo += numbers.nextSigned();
          parts[j] = lastTo;
        }
        to[i] = parts;
      }
      FROM = from;
      TO = to;
    }

    static int[] of(int c) {
      int i = Arrays.binarySearch(FROM, c);
      return i < 0 ? NONE : TO[i];
    }
  }
}

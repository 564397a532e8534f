package ernie4j.tokenizer;

/**
 * The characters that the tokenizers of BERT and ERNIE treat as control characters, white space,
 * CJK or punctuation.
 */
final class Characters {
  private Characters() {}

  /**
   * Whether a character is dropped: U+0000, U+FFFD and category C, except tab and line ends.
   *
   * @param unassigned whether unassigned code points (category Cn) are among them: PaddleNLP drops
   *     them; Hugging Face's tokenizers leave them in their word, which is then nearly always
   *     unknown
   */
  static boolean isDropped(int c, boolean unassigned) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return false;
    }
    if (c >= ' ' && c < 0x7F) {
      return false;
    }
    if (c == 0xFFFD) {
      return true;
    }
    int category = UnicodeData.category(c);
    return category == UnicodeData.CONTROL || (unassigned && category == UnicodeData.UNASSIGNED);
  }

  /** Whether a character separates words: blank, tab, line ends, categories Zs, Zl, Zp. */
  static boolean isSpace(int c) {
    if (c < 0x80) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
    return UnicodeData.category(c) == UnicodeData.SPACE;
  }

  /** Whether a character is a CJK ideograph; kana and Hangul are not. */
  static boolean isCjk(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B820 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }

  /** Whether a character is punctuation: ASCII punctuation and symbols, and Unicode category P. */
  static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return (c >= 33 && c <= 47)
          || (c >= 58 && c <= 64)
          || (c >= 91 && c <= 96)
          || (c >= 123 && c <= 126);
    }
    return UnicodeData.category(c) == UnicodeData.PUNCTUATION;
  }

  /**
   * Whether a character is a symbol: Unicode category S and the eight characters that ERNIE adds.
   */
  static boolean isSymbol(int c) {
    if (c == 0xAD || c == 0xB2 || c == 0xBA || c == 0x3007) {
      return true;
    }
    if (c == 0xB5 || c == 0xD8 || c == 0x14B || c == 0x1B1) {
      return true;
    }
    return UnicodeData.category(c) == UnicodeData.SYMBOL;
  }
}

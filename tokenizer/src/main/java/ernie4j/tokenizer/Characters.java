package ernie4j.tokenizer;

/**
 * What the tokenizers of BERT and ERNIE take for a control character, white space, CJK,
 * punctuation.
 */
final class Characters {
  private Characters() {}

  /** Dropped: U+0000, U+FFFD and category C, except tab and line ends. */
  static boolean isDropped(int c) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return false;
    }
    if (c >= ' ' && c < 0x7F) {
      return false;
    }
    if (c == 0xFFFD) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  /** Separates words: blanks, tab, line ends, categories Zs, Zl, Zp. */
  static boolean isSpace(int c) {
    if (c < 0x80) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
    int type = Character.getType(c);
    return type == Character.SPACE_SEPARATOR
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  /** A CJK ideograph; kana and Hangul are not. */
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

  /** ASCII punctuation and symbols, and Unicode category P. */
  static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return (c >= 33 && c <= 47)
          || (c >= 58 && c <= 64)
          || (c >= 91 && c <= 96)
          || (c >= 123 && c <= 126);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** Unicode category S and the eight characters that ERNIE adds to it. */
  static boolean isSymbol(int c) {
    if (c == 0xAD || c == 0xB2 || c == 0xBA || c == 0x3007) {
      return true;
    }
    if (c == 0xB5 || c == 0xD8 || c == 0x14B || c == 0x1B1) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> false;
    };
  }
}

package ernie4j.tokenizer;

/**
 * Cleans a text and splits it into words: drops control characters, lower-cases, strips accents,
 * and splits at white space, punctuation, symbols and around CJK characters. Offsets travel with
 * every code point, so no search is needed to find a token in the text afterwards.
 */
final class WordSplitter {
  private final TokenizerOptions options;
  private final WordPiece wordPiece;

  WordSplitter(TokenizerOptions options, WordPiece wordPiece) {
    this.options = options;
    this.wordPiece = wordPiece;
  }

  /** Adds the tokens of the lower-cased code points {@code [from, to)}. */
  void add(SourceText text, int from, int to, Tokens tokens) {
    SourceText words = new SourceText(to - from);
    int word = 0;
    for (int i = from; i < to; i++) {
      int c = text.codePoints[i];
      if (Characters.isDropped(c, options.splitSymbols())) {
        continue;
      }
      if (Characters.isSpace(c)) {
        word = finish(words, word, tokens);
      } else if (options.splitCjk() && Characters.isCjk(c)) {
        word = finish(words, word, tokens);
        normalise(c, text.starts[i], text.ends[i], words, tokens, word);
        word = finish(words, word, tokens);
      } else {
        word = normalise(c, text.starts[i], text.ends[i], words, tokens, word);
      }
    }
    finish(words, word, tokens);
  }

  /** Ends the word that begins at {@code word} and returns where the next begins. */
  private int finish(SourceText words, int word, Tokens tokens) {
    if (words.length > word) {
      wordPiece.add(words, word, words.length, tokens);
    }
    return words.length;
  }

  private int normalise(int c, int start, int end, SourceText words, Tokens tokens, int word) {
    // Nothing below U+00C0 and no ideograph of the main block decomposes or is a mark.
    if (!options.stripAccents() || c < 0xC0 || (c >= 0x4E00 && c <= 0x9FFF)) {
      return append(c, start, end, words, tokens, word);
    }
    int next = word;
    for (int base : UnicodeData.baseOf(c)) {
      next = append(base, start, end, words, tokens, next);
    }
    return next;
  }

  private int append(int c, int start, int end, SourceText words, Tokens tokens, int word) {
    if (!Characters.isPunctuation(c) && !(options.splitSymbols() && Characters.isSymbol(c))) {
      words.add(c, start, end);
      return word;
    }
    int own = finish(words, word, tokens);
    words.add(c, start, end);
    return finish(words, own, tokens);
  }

  /** Adds a code point in lower case, which may be two (U+0130). */
  static void addLowerCase(int c, int start, int end, SourceText to) {
    if (c == 0x130) {
      to.add('i', start, end);
      to.add(0x307, start, end);
    } else {
      to.add(UnicodeData.lowerCase(c), start, end);
    }
  }
}

package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The tokenizer of ERNIE 3.0 (PaddleNLP's slow ErnieTokenizer) and, with other options, of BERT.
 *
 * <p>Special and added tokens are found anywhere in a text: a literal "[SEP]" becomes the id of
 * [SEP], as in the reference and in Hugging Face's tokenizers. The author of a text from outside
 * could thus end it and begin another one; {@link #readingSpecialTokens} restricts which tokens are
 * recognized. Offsets are UTF-16 indices into the caller's text; those of [UNK] span the whole
 * unknown word. Unicode categories are those of Unicode 16.0 on every JVM.
 *
 * <p>Added tokens that the vocabulary lacks get the ids after its last one. The original counts
 * distinct tokens instead, so its first added token shares the id of [UNK] if the vocabulary has a
 * duplicate.
 */
public final class ErnieTokenizer implements Tokenizer {
  private static final List<String> SPECIAL = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]");

  private final Vocabulary vocabulary;
  private final TokenizerOptions options;
  private final WordSplitter splitter;
  private final List<String> addedInOrder;

  /** Found in the text as it was given. */
  private final TokenSearch exact;

  /** Found in the lower-cased text. */
  private final TokenSearch added;

  /**
   * Makes a tokenizer that recognizes all special tokens in texts.
   *
   * @param vocabulary the tokens of the model, with [PAD], [CLS], [SEP], [MASK] and [UNK]
   * @param options how text is cleaned and split, for example {@link TokenizerOptions#ernie}
   * @throws IllegalArgumentException if the vocabulary lacks a special token
   */
  public ErnieTokenizer(Vocabulary vocabulary, TokenizerOptions options) {
    this(vocabulary, options, Set.copyOf(SPECIAL));
  }

  private ErnieTokenizer(Vocabulary vocabulary, TokenizerOptions options, Set<String> special) {
    this.vocabulary = vocabulary;
    this.options = options;
    for (String token : SPECIAL) {
      if (vocabulary.idOf(token) < 0) {
        throw new IllegalArgumentException(
            String.format(
                "The vocabulary of %d tokens has no %s; expected [PAD], [CLS], [SEP], [MASK] and [UNK], so this is not a BERT or ERNIE vocabulary",
                vocabulary.size(), token));
      }
    }
    splitter = new WordSplitter(options, new WordPiece(vocabulary, unkId()));
    exact = new TokenSearch();
    added = new TokenSearch();
    special.forEach(token -> exact.add(token, vocabulary.idOf(token)));
    List<String> beyond = new ArrayList<>();
    for (String token : options.addedTokens()) {
      if (!token.isEmpty() && !SPECIAL.contains(token)) {
        add(token, beyond);
      }
    }
    addedInOrder = List.copyOf(beyond);
  }

  private void add(String token, List<String> beyond) {
    boolean asWritten = !options.lowerCase() || options.exactTokens().contains(token);
    String sought = asWritten ? token : lowerCase(token);
    TokenSearch search = asWritten ? exact : added;
    if (search.contains(sought)) {
      return;
    }
    int known = Math.max(vocabulary.idOf(token), vocabulary.idOf(sought));
    search.add(sought, known >= 0 ? known : vocabulary.size() + beyond.size());
    if (known < 0) {
      beyond.add(sought);
    }
  }

  /**
   * Returns this tokenizer recognizing only some special tokens in texts. The others are split like
   * any text. Added tokens are found as before.
   *
   * @param tokens the special tokens to recognize; empty for none
   * @return the new tokenizer
   * @throws IllegalArgumentException if one is none of [PAD], [CLS], [SEP], [MASK] and [UNK]
   */
  public ErnieTokenizer readingSpecialTokens(Set<String> tokens) {
    if (!SPECIAL.containsAll(tokens)) {
      throw new IllegalArgumentException(
          String.format("special tokens: expected some of %s, got %s", SPECIAL, tokens));
    }
    return new ErnieTokenizer(vocabulary, options, Set.copyOf(tokens));
  }

  private static String lowerCase(String token) {
    SourceText lower = new SourceText(token.length());
    token.codePoints().forEach(c -> WordSplitter.addLowerCase(c, 0, 0, lower));
    return new String(lower.codePoints, 0, lower.length);
  }

  @Override
  public List<String> tokenize(String text) {
    Tokens tokens = tokens(text);
    List<String> names = new ArrayList<>();
    for (int t = 0; t < tokens.length(); t++) {
      names.add(tokenOf(tokens.id(t)));
    }
    return names;
  }

  private Tokens tokens(String text) {
    Tokens tokens = new Tokens();
    SourceText pending = new SourceText(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      TokenSearch.Entry token = exact.longestAt(text, i, c);
      if (token != null) {
        addPlain(pending, tokens);
        pending.length = 0;
        int end = i + token.text().length();
        tokens.add(token.id(), i, end);
        i = end;
        continue;
      }
      int end = i + Character.charCount(c);
      if (options.lowerCase()) {
        WordSplitter.addLowerCase(c, i, end, pending);
      } else {
        pending.add(c, i, end);
      }
      i = end;
    }
    addPlain(pending, tokens);
    return tokens;
  }

  /** Splits lower-cased text at the added tokens, the longest first. */
  private void addPlain(SourceText text, Tokens tokens) {
    int from = 0;
    if (!added.isEmpty()) {
      for (int i = 0; i < text.length; ) {
        TokenSearch.Entry token = added.longestAt(text, i);
        if (token == null) {
          i++;
          continue;
        }
        splitter.add(text, from, i, tokens);
        int length = token.length();
        tokens.add(token.id(), text.starts[i], text.ends[i + length - 1]);
        i += length;
        from = i;
      }
    }
    splitter.add(text, from, text.length, tokens);
  }

  @Override
  public Encoding encode(String text, Truncation truncation, int maxLength) {
    Tokens first = tokens(text);
    int excess = excess(first.length(), 2, truncation, maxLength);
    if (excess > 0 && truncation == Truncation.ONLY_SECOND) {
      throw new IllegalArgumentException(
          "encode: ONLY_SECOND cannot cut a single text; use LONGEST_FIRST or ONLY_FIRST");
    }
    first.cut(first.length() - Math.max(0, excess));
    EncodingBuilder builder = new EncodingBuilder(this, first.length() + 2);
    builder.special(clsId(), Encoding.SPECIAL_FIRST);
    builder.text(first, Encoding.FIRST);
    builder.special(sepId(), Encoding.SPECIAL_FIRST);
    return builder.build();
  }

  @Override
  public Encoding encode(String first, String second, Truncation truncation, int maxLength) {
    Tokens a = tokens(first);
    Tokens b = tokens(second);
    int excess = excess(a.length() + b.length(), 3, truncation, maxLength);
    if (excess > 0) {
      cutPair(a, b, excess, truncation);
    }
    EncodingBuilder builder = new EncodingBuilder(this, a.length() + b.length() + 3);
    builder.special(clsId(), Encoding.SPECIAL_FIRST);
    builder.text(a, Encoding.FIRST);
    builder.special(sepId(), Encoding.SPECIAL_FIRST);
    builder.text(b, Encoding.SECOND);
    builder.special(sepId(), Encoding.SPECIAL_SECOND);
    return builder.build();
  }

  private static int excess(int tokens, int specials, Truncation truncation, int maxLength) {
    if (maxLength < specials) {
      throw new IllegalArgumentException(
          String.format(
              "encode: expected a maximum length of at least %d (the special tokens), got %d",
              specials, maxLength));
    }
    return truncation == Truncation.DO_NOT_TRUNCATE ? 0 : tokens + specials - maxLength;
  }

  private static void cutPair(Tokens a, Tokens b, int excess, Truncation truncation) {
    if (truncation == Truncation.LONGEST_FIRST) {
      for (int i = 0; i < excess; i++) {
        Tokens longer = a.length() > b.length() ? a : b;
        longer.cut(longer.length() - 1);
      }
      return;
    }
    Tokens cut = truncation == Truncation.ONLY_FIRST ? a : b;
    // The original logs an error and cuts nothing; the text then fails in the model or costs
    // memory.
    if (cut.length() <= excess) {
      throw new IllegalArgumentException(
          String.format(
              "encode: %s: the text to cut has %d tokens and %d must go; use LONGEST_FIRST or a larger maximum",
              truncation, cut.length(), excess));
    }
    cut.cut(cut.length() - excess);
  }

  @Override
  public String join(List<String> tokens) {
    return String.join(" ", tokens).replace(" ##", "").strip();
  }

  @Override
  public String tokenOf(int id) {
    return id < vocabulary.size()
        ? vocabulary.tokenOf(id)
        : addedInOrder.get(id - vocabulary.size());
  }

  @Override
  public int size() {
    return vocabulary.size() + addedInOrder.size();
  }

  @Override
  public int padId() {
    return vocabulary.idOf("[PAD]");
  }

  @Override
  public int clsId() {
    return vocabulary.idOf("[CLS]");
  }

  @Override
  public int sepId() {
    return vocabulary.idOf("[SEP]");
  }

  @Override
  public int maskId() {
    return vocabulary.idOf("[MASK]");
  }

  @Override
  public int unkId() {
    return vocabulary.idOf("[UNK]");
  }
}

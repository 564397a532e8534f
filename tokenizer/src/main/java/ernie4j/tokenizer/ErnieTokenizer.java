package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokenizer of ERNIE 3.0 (PaddleNLP's slow ErnieTokenizer) and, with other options, of BERT.
 *
 * <p>Special and added tokens are found anywhere in a text: a literal "[SEP]" becomes the id of
 * [SEP], as in the reference. Offsets are UTF-16 indices into the caller's text; those of [UNK]
 * span the whole unknown word. Unicode categories are those of Unicode 16.0 on every JVM.
 *
 * <p>Added tokens get ids from the end of the vocabulary on. The original counts distinct tokens
 * instead, so its first added token shares the id of [UNK] when the vocabulary has a duplicate.
 */
public final class ErnieTokenizer implements Tokenizer {
  private static final List<String> SPECIAL = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]");

  private final Vocabulary vocabulary;
  private final TokenizerOptions options;
  private final WordSplitter splitter;
  private final Map<String, Integer> special = new HashMap<>();
  private final Map<String, Integer> added = new HashMap<>();
  private final List<String> addedInOrder = new ArrayList<>();

  /**
   * A tokenizer.
   *
   * @throws IllegalArgumentException if the vocabulary lacks a special token
   */
  public ErnieTokenizer(Vocabulary vocabulary, TokenizerOptions options) {
    this.vocabulary = vocabulary;
    this.options = options;
    for (String token : SPECIAL) {
      int id = vocabulary.idOf(token);
      if (id < 0) {
        throw new IllegalArgumentException(
            "The vocabulary of %d tokens has no %s; expected [PAD], [CLS], [SEP], [MASK] and [UNK], so this is not a BERT or ERNIE vocabulary"
                .formatted(vocabulary.size(), token));
      }
      special.put(token, id);
    }
    splitter = new WordSplitter(options, new WordPiece(vocabulary, unkId()));
    for (String token : options.addedTokens()) {
      add(options.lowerCase() && !special.containsKey(token) ? lowerCase(token) : token);
    }
  }

  private void add(String token) {
    if (token.isEmpty() || special.containsKey(token) || added.containsKey(token)) {
      return;
    }
    int known = vocabulary.idOf(token);
    added.put(token, known >= 0 ? known : vocabulary.size() + addedInOrder.size());
    if (known < 0) {
      addedInOrder.add(token);
    }
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
    SourceText lower = prepared(text, tokens);
    addPlain(lower, tokens);
    return tokens;
  }

  /**
   * Lower-cases the text up to its end and hands everything before a special token to the splitter
   * on the way; returns what stands behind the last one.
   */
  private SourceText prepared(String text, Tokens tokens) {
    SourceText pending = new SourceText(text.length());
    for (int i = 0; i < text.length(); ) {
      String name = text.charAt(i) == '[' ? specialAt(text, i) : "";
      if (!name.isEmpty()) {
        addPlain(pending, tokens);
        pending = new SourceText(text.length() - i);
        tokens.add(idOfSpecial(name), i, i + name.length());
        i += name.length();
        continue;
      }
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      if (options.lowerCase()) {
        WordSplitter.addLowerCase(c, i, end, pending);
      } else {
        pending.add(c, i, end);
      }
      i = end;
    }
    return pending;
  }

  private static String specialAt(String text, int at) {
    for (String token : SPECIAL) {
      if (text.startsWith(token, at)) {
        return token;
      }
    }
    return "";
  }

  private int idOfSpecial(String token) {
    Integer id = special.get(token);
    return id == null ? unkId() : id;
  }

  /** Splits text without special tokens at the added ones, the longest first. */
  private void addPlain(SourceText text, Tokens tokens) {
    int from = 0;
    if (!added.isEmpty()) {
      for (int i = 0; i < text.length; ) {
        String token = addedAt(text, i);
        if (token.isEmpty()) {
          i++;
          continue;
        }
        splitter.add(text, from, i, tokens);
        int length = token.codePointCount(0, token.length());
        tokens.add(added.getOrDefault(token, unkId()), text.starts[i], text.ends[i + length - 1]);
        i += length;
        from = i;
      }
    }
    splitter.add(text, from, text.length, tokens);
  }

  private String addedAt(SourceText text, int at) {
    String longest = "";
    for (String token : added.keySet()) {
      if (token.length() > longest.length() && matches(text, at, token)) {
        longest = token;
      }
    }
    return longest;
  }

  private static boolean matches(SourceText text, int at, String token) {
    int i = at;
    for (int j = 0; j < token.length(); i++) {
      int c = token.codePointAt(j);
      if (i >= text.length || text.codePoints[i] != c) {
        return false;
      }
      j += Character.charCount(c);
    }
    return true;
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
          "encode: expected a maximum length of at least %d (the special tokens), got %d"
              .formatted(specials, maxLength));
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
    // The original logs an error and cuts nothing, which then fails in the model or costs memory.
    if (cut.length() <= excess) {
      throw new IllegalArgumentException(
          "encode: %s: the text to cut has %d tokens and %d must go; use LONGEST_FIRST or a larger maximum"
              .formatted(truncation, cut.length(), excess));
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

package ernie4j.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What differs between the tokenizers of BERT-shaped models.
 *
 * @param lowerCase whether text is lower-cased
 * @param stripAccents whether text is decomposed (NFD) and its combining marks (Mn) dropped
 * @param splitCjk whether every CJK character is a word of its own
 * @param splitSymbols whether text is cleaned as ERNIE does: symbols (Unicode category S and eight
 *     more) are split off like punctuation, and unassigned code points are dropped. BERT leaves
 *     both in their word
 * @param addedTokens tokens found anywhere in a text, whole; those that the vocabulary lacks get
 *     the ids after its last one
 * @param exactTokens those of the added tokens that are found only as they are written, before text
 *     is lower-cased, like the special tokens of Hugging Face's tokenizers
 */
public record TokenizerOptions(
    boolean lowerCase,
    boolean stripAccents,
    boolean splitCjk,
    boolean splitSymbols,
    List<String> addedTokens,
    List<String> exactTokens) {
  private static final String EXACT = "exact_tokens";

  /** Keeps unmodifiable copies of the lists. */
  public TokenizerOptions {
    addedTokens = List.copyOf(addedTokens);
    exactTokens = List.copyOf(exactTokens);
  }

  /**
   * Options whose added tokens are lower-cased with the text.
   *
   * @param lowerCase whether text is lower-cased
   * @param stripAccents whether text is decomposed (NFD) and its combining marks (Mn) dropped
   * @param splitCjk whether every CJK character is a word of its own
   * @param splitSymbols whether text is cleaned as ERNIE does
   * @param addedTokens tokens found anywhere in a text, whole
   */
  public TokenizerOptions(
      boolean lowerCase,
      boolean stripAccents,
      boolean splitCjk,
      boolean splitSymbols,
      List<String> addedTokens) {
    this(lowerCase, stripAccents, splitCjk, splitSymbols, addedTokens, List.of());
  }

  /** {@return the options of the Chinese ERNIE 3.0 models} */
  public static TokenizerOptions ernie() {
    return new TokenizerOptions(true, true, true, true, List.of());
  }

  /**
   * Returns the options of BERT models. Accents are stripped if letters are lower-cased.
   *
   * @param lowerCase true for uncased models, false for cased ones
   * @return the options
   */
  public static TokenizerOptions bert(boolean lowerCase) {
    return new TokenizerOptions(lowerCase, lowerCase, true, false, List.of());
  }

  /**
   * Returns these options with other added tokens, none of which is exact.
   *
   * @param tokens tokens found anywhere in a text, whole
   * @return the new options
   */
  public TokenizerOptions withAddedTokens(List<String> tokens) {
    return new TokenizerOptions(lowerCase, stripAccents, splitCjk, splitSymbols, tokens);
  }

  /** {@return the options as strings, as a model file stores them; a new map} */
  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("lower_case", Boolean.toString(lowerCase));
    map.put("strip_accents", Boolean.toString(stripAccents));
    map.put("split_cjk", Boolean.toString(splitCjk));
    map.put("split_symbols", Boolean.toString(splitSymbols));
    // A token never holds a line break: text is split there before tokens are looked for.
    map.put("added_tokens", String.join("\n", addedTokens));
    if (!exactTokens.isEmpty()) {
      map.put(EXACT, String.join("\n", exactTokens));
    }
    return map;
  }

  /**
   * Reads the options that {@link #toMap} wrote.
   *
   * @param map the options as strings; what is missing is as in ERNIE
   * @return the options
   * @throws IllegalArgumentException if a value is neither true nor false, or a key is unknown
   */
  public static TokenizerOptions fromMap(Map<String, String> map) {
    Map<String, String> known = ernie().toMap();
    known.put(EXACT, "");
    for (String key : map.keySet()) {
      if (!known.containsKey(key)) {
        throw new IllegalArgumentException(
            String.format("tokenizer option '%s' is unknown; known are %s", key, known.keySet()));
      }
    }
    known.putAll(map);
    return new TokenizerOptions(
        flag(known, "lower_case"),
        flag(known, "strip_accents"),
        flag(known, "split_cjk"),
        flag(known, "split_symbols"),
        lines(known.getOrDefault("added_tokens", "")),
        lines(known.getOrDefault(EXACT, "")));
  }

  private static boolean flag(Map<String, String> map, String key) {
    String value = map.getOrDefault(key, "");
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          String.format("tokenizer option '%s': expected true or false, got '%s'", key, value));
    }
    return value.equals("true");
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : new ArrayList<>(Arrays.asList(text.split("\n")));
  }
}

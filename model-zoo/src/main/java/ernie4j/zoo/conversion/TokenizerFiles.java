package ernie4j.zoo.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The tokenizer of a folder: {@code vocab.txt}, {@code tokenizer_config.json} and {@code
 * added_tokens.json}, of which the last two may be absent.
 *
 * @param vocabulary the tokens; a token's index is its id
 * @param options how text is cut
 * @param configured whether there is a tokenizer_config.json; else the options are the usual ones
 */
public record TokenizerFiles(
    List<String> vocabulary, TokenizerOptions options, boolean configured) {
  private static final String WORDS = "vocab.txt";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String ADDED = "added_tokens.json";
  private static final String CLASS = "tokenizer_class";
  private static final String LOWER_CASE = "do_lower_case";
  private static final String STRIP_ACCENTS = "strip_accents";
  private static final String SPLIT_CJK = "tokenize_chinese_chars";
  private static final List<String> SPECIAL = List.of("CLS", "SEP", "PAD", "UNK", "MASK");
  private static final String DECODER = "added_tokens_decoder";
  private static final String SPLIT_SYMBOLS = "ernie4j_split_symbols";

  /** Keeps an unmodifiable copy of the vocabulary. */
  public TokenizerFiles {
    vocabulary = List.copyOf(vocabulary);
  }

  /** The framework that the files belong to. */
  public enum Dialect {
    /** The tokenizer's class tells whether symbols are split off; ERNIE's does, BERT's does not. */
    PADDLE,
    /** transformers supports only BERT's way, so our exports state ERNIE's under their own key. */
    HUGGING_FACE
  }

  /** The file without which there is no tokenizer. */
  public static Path words(Path folder) {
    return folder.resolve(WORDS);
  }

  /**
   * Reads the files of a folder that has a {@code vocab.txt}.
   *
   * @throws IOException if a file is missing or damaged
   */
  public static TokenizerFiles read(Path folder, Dialect dialect) throws IOException {
    boolean paddle = dialect == Dialect.PADDLE;
    List<String> vocabulary = Vocabulary.read(words(folder)).tokens();
    Path file = folder.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      TokenizerOptions usual = paddle ? TokenizerOptions.ernie() : TokenizerOptions.bert(true);
      return new TokenizerFiles(vocabulary, usual, false);
    }
    JsonNode config = JsonFile.read(file);
    boolean lowerCase = flag(file, config, LOWER_CASE, true);
    boolean ernie = paddle && !config.path(CLASS).asText("").startsWith("Bert");
    TokenizerOptions options =
        new TokenizerOptions(
            lowerCase,
            flag(file, config, STRIP_ACCENTS, lowerCase),
            flag(file, config, SPLIT_CJK, true),
            flag(file, config, SPLIT_SYMBOLS, ernie),
            added(folder, config, vocabulary.size()),
            exact(config));
    return new TokenizerFiles(vocabulary, options, true);
  }

  /**
   * Options of another file, overridden by the {@code tokenizer_config.json} of a folder.
   *
   * @throws IOException if that is damaged
   */
  public static TokenizerOptions configured(Path folder, TokenizerOptions given)
      throws IOException {
    Path file = folder.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      return given;
    }
    JsonNode config = JsonFile.read(file);
    boolean says = config.path(LOWER_CASE).isBoolean();
    boolean lowerCase = flag(file, config, LOWER_CASE, given.lowerCase());
    return new TokenizerOptions(
        lowerCase,
        flag(file, config, STRIP_ACCENTS, says ? lowerCase : given.stripAccents()),
        flag(file, config, SPLIT_CJK, given.splitCjk()),
        flag(file, config, SPLIT_SYMBOLS, given.splitSymbols()),
        given.addedTokens(),
        given.exactTokens());
  }

  private static boolean flag(Path file, JsonNode config, String key, boolean usual)
      throws ModelFileException {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return usual;
    }
    if (!value.isBoolean()) {
      throw new ModelFileException(file.toString(), key + ": expected true or false, got " + value);
    }
    return value.booleanValue();
  }

  /**
   * Tokens beyond the vocabulary, whose ids follow its last one, and tokens of the vocabulary that
   * are found whole: of {@code added_tokens.json} and, as transformers writes them since 2023, of
   * {@code added_tokens_decoder}.
   */
  private static List<String> added(Path folder, JsonNode config, int first) throws IOException {
    Map<String, Integer> beyond = new LinkedHashMap<>();
    Set<String> within = new LinkedHashSet<>();
    Path file = folder.resolve(ADDED);
    if (Files.isRegularFile(file)) {
      for (Map.Entry<String, JsonNode> entry : JsonFile.read(file).properties()) {
        beyond.put(entry.getKey(), entry.getValue().asInt(-1));
      }
    } else {
      file = folder.resolve(CONFIG);
    }
    for (Map.Entry<String, JsonNode> entry : config.path(DECODER).properties()) {
      String token = entry.getValue().path("content").asText("");
      int id = entry.getKey().matches("[0-9]{1,9}") ? Integer.parseInt(entry.getKey()) : -1;
      if (id >= 0 && id < first) {
        within.add(token);
      } else {
        beyond.putIfAbsent(token, id);
      }
    }
    String[] tokens = new String[beyond.size()];
    for (Map.Entry<String, Integer> entry : beyond.entrySet()) {
      int place = entry.getValue() - first;
      if (place < 0 || place >= tokens.length || tokens[place] != null) {
        throw new ModelFileException(
            file.toString(),
            "token '%s': expected ids from %d on, each once and without a gap, got %s"
                .formatted(entry.getKey(), first, entry.getValue()));
      }
      tokens[place] = entry.getKey();
    }
    List<String> all = new ArrayList<>(List.of(tokens));
    within.stream().filter(token -> !isSpecial(token)).forEach(all::add);
    return all;
  }

  private static boolean isSpecial(String token) {
    return SPECIAL.stream().anyMatch(name -> token.equals("[" + name + "]"));
  }

  /** The added tokens that are found only as they are written. */
  private static List<String> exact(JsonNode config) {
    List<String> exact = new ArrayList<>();
    for (JsonNode token : config.path(DECODER)) {
      String content = token.path("content").asText("");
      if (!token.path("normalized").asBoolean(true) && !isSpecial(content)) {
        exact.add(content);
      }
    }
    return exact;
  }

  /**
   * Writes the tokenizer of a model; nothing if it has no vocabulary.
   *
   * @throws IllegalArgumentException if a token contains a line break, which vocab.txt cannot
   *     express
   */
  public static void write(Path folder, Model model, Dialect dialect) throws IOException {
    if (model.vocabulary().isEmpty()) {
      return;
    }
    for (String token : model.vocabulary()) {
      if (token.contains("\n") || token.contains("\r")) {
        throw new IllegalArgumentException("vocab.txt: a token contains a line break");
      }
    }
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    AtomicFile.writeText(words(folder), String.join("\n", model.vocabulary()) + "\n");
    Map<String, Object> added = new LinkedHashMap<>();
    Map<String, Object> decoder = new LinkedHashMap<>();
    for (String token : options.addedTokens()) {
      int id = model.vocabulary().indexOf(token);
      if (id < 0) {
        id = model.vocabulary().size() + added.size();
        added.put(token, id);
      }
      boolean exact = options.exactTokens().contains(token);
      decoder.put(
          Integer.toString(id), Map.of("content", token, "special", exact, "normalized", !exact));
    }
    writeConfig(folder, options, model.config().maxPositions(), dialect, decoder);
    if (!added.isEmpty()) {
      JsonFile.write(folder.resolve(ADDED), added);
    }
  }

  /** Writes only {@code tokenizer_config.json}, beside an existing {@code vocab.txt}. */
  public static void writeConfig(
      Path folder, TokenizerOptions options, int maxPositions, Dialect dialect) throws IOException {
    writeConfig(folder, options, maxPositions, dialect, Map.of());
  }

  private static void writeConfig(
      Path folder,
      TokenizerOptions options,
      int maxPositions,
      Dialect dialect,
      Map<String, Object> addedTokens)
      throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    boolean ernie = dialect == Dialect.PADDLE && options.splitSymbols();
    config.put(CLASS, ernie ? "ErnieTokenizer" : "BertTokenizer");
    if (options.splitSymbols() && !ernie) {
      config.put(SPLIT_SYMBOLS, true);
    }
    config.put(LOWER_CASE, options.lowerCase());
    config.put(STRIP_ACCENTS, options.stripAccents());
    config.put(SPLIT_CJK, options.splitCjk());
    config.put("model_max_length", maxPositions);
    for (String token : SPECIAL) {
      config.put(token.toLowerCase(Locale.ROOT) + "_token", "[" + token + "]");
    }
    if (!addedTokens.isEmpty()) {
      config.put(DECODER, addedTokens);
    }
    JsonFile.write(folder.resolve(CONFIG), config);
  }
}

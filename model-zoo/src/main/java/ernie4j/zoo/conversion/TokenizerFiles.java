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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
  private static final String SPLIT_SYMBOLS = "ernie4j_split_symbols";

  /** Keeps an unmodifiable copy of the vocabulary. */
  public TokenizerFiles {
    vocabulary = List.copyOf(vocabulary);
  }

  /** Whose files they are. */
  public enum Dialect {
    /** The tokenizer's class tells whether symbols are split off; ERNIE's does, BERT's does not. */
    PADDLE,
    /** transformers has BERT's way only, so our exports say ERNIE's under a key of their own. */
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
    boolean lowerCase = flag(file, config, "do_lower_case", true);
    boolean ernie = paddle && !config.path(CLASS).asText("").startsWith("Bert");
    TokenizerOptions options =
        new TokenizerOptions(
            lowerCase,
            flag(file, config, "strip_accents", lowerCase),
            flag(file, config, "tokenize_chinese_chars", true),
            flag(file, config, SPLIT_SYMBOLS, ernie),
            added(folder.resolve(ADDED), vocabulary.size()));
    return new TokenizerFiles(vocabulary, options, true);
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

  /** Tokens beyond the vocabulary, whose ids follow its. */
  private static List<String> added(Path file, int first) throws IOException {
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    JsonNode json = JsonFile.read(file);
    String[] tokens = new String[json.size()];
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      int place = entry.getValue().asInt(-1) - first;
      if (place < 0 || place >= tokens.length || tokens[place] != null) {
        throw new ModelFileException(
            file.toString(),
            "token '%s': expected ids from %d on, each once and without a gap, got %s"
                .formatted(entry.getKey(), first, entry.getValue()));
      }
      tokens[place] = entry.getKey();
    }
    return List.of(tokens);
  }

  /**
   * Writes the tokenizer of a model; nothing if it has no vocabulary.
   *
   * @throws IllegalArgumentException if a token holds a line break, so that vocab.txt cannot
   */
  public static void write(Path folder, Model model, Dialect dialect) throws IOException {
    if (model.vocabulary().isEmpty()) {
      return;
    }
    for (String token : model.vocabulary()) {
      if (token.contains("\n") || token.contains("\r")) {
        throw new IllegalArgumentException("vocab.txt: a token holds a line break");
      }
    }
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    AtomicFile.writeText(words(folder), String.join("\n", model.vocabulary()) + "\n");
    writeConfig(folder, options, model.config().maxPositions(), dialect);
    if (!options.addedTokens().isEmpty()) {
      Map<String, Object> added = new LinkedHashMap<>();
      for (String token : options.addedTokens()) {
        added.put(token, model.vocabulary().size() + added.size());
      }
      JsonFile.write(folder.resolve(ADDED), added);
    }
  }

  /** Writes {@code tokenizer_config.json} alone, beside a {@code vocab.txt} that is there. */
  public static void writeConfig(
      Path folder, TokenizerOptions options, int maxPositions, Dialect dialect) throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    boolean ernie = dialect == Dialect.PADDLE && options.splitSymbols();
    config.put(CLASS, ernie ? "ErnieTokenizer" : "BertTokenizer");
    if (options.splitSymbols() && !ernie) {
      config.put(SPLIT_SYMBOLS, true);
    }
    config.put("do_lower_case", options.lowerCase());
    config.put("strip_accents", options.stripAccents());
    config.put("tokenize_chinese_chars", options.splitCjk());
    config.put("model_max_length", maxPositions);
    for (String token : List.of("CLS", "SEP", "PAD", "UNK", "MASK")) {
      config.put(token.toLowerCase(Locale.ROOT) + "_token", "[" + token + "]");
    }
    JsonFile.write(folder.resolve(CONFIG), config);
  }
}

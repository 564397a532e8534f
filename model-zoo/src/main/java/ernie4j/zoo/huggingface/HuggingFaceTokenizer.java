package ernie4j.zoo.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.zoo.foreign.GivenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The tokenizer of a model folder: {@code tokenizer.json}, or else {@code vocab.txt} with the
 * options of {@code tokenizer_config.json}.
 *
 * @param vocabulary the tokens; a token's index is its id; empty if the folder has no tokenizer
 * @param options how text is cut
 */
public record HuggingFaceTokenizer(List<String> vocabulary, TokenizerOptions options) {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String WORDS = "vocab.txt";
  private static final String CONFIG = "tokenizer_config.json";

  /** ERNIE splits symbols off like punctuation, BERT does not; transformers has no such option. */
  private static final String SPLIT_SYMBOLS = "ernie4j_split_symbols";

  /** Keeps an unmodifiable copy of the vocabulary. */
  public HuggingFaceTokenizer {
    vocabulary = List.copyOf(vocabulary);
  }

  /** The tokenizer of a {@code tokenizer.json}. */
  public static HuggingFaceTokenizer of(HuggingFaceTokenizerJson json) {
    return new HuggingFaceTokenizer(
        json.vocabulary(),
        new TokenizerOptions(
            json.lowerCase(),
            json.stripAccents(),
            json.splitChineseCharacters(),
            false,
            List.of()));
  }

  /** Whether a folder has a tokenizer. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(TOKENIZER))
        || Files.isRegularFile(folder.resolve(WORDS));
  }

  /**
   * Reads the tokenizer of a folder.
   *
   * @throws IOException if it has none, or not one of BERT's kind
   */
  public static HuggingFaceTokenizer read(Path folder) throws IOException {
    Path json = folder.resolve(TOKENIZER);
    if (Files.isRegularFile(json)) {
      LfsPointer.refuse(json);
      return of(HuggingFaceTokenizerJson.read(json));
    }
    Path words = folder.resolve(WORDS);
    if (!Files.isRegularFile(words)) {
      throw new ModelFileException(
          folder.toString(), "expected a tokenizer.json or a vocab.txt, found neither");
    }
    LfsPointer.refuse(words);
    Path config = folder.resolve(CONFIG);
    return new HuggingFaceTokenizer(
        Vocabulary.read(words).tokens(),
        Files.isRegularFile(config)
            ? options(config.toString(), GivenConfig.json(config), folder)
            : TokenizerOptions.bert(true));
  }

  private static TokenizerOptions options(String file, JsonNode root, Path folder)
      throws IOException {
    boolean lowerCase = flag(file, root, "do_lower_case", true);
    return new TokenizerOptions(
        lowerCase,
        flag(file, root, "strip_accents", lowerCase),
        flag(file, root, "tokenize_chinese_chars", true),
        flag(file, root, SPLIT_SYMBOLS, false),
        addedTokens(folder));
  }

  private static boolean flag(String file, JsonNode root, String key, boolean usual)
      throws ModelFileException {
    JsonNode value = root.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return usual;
    }
    if (!value.isBoolean()) {
      throw new ModelFileException(file, key + ": expected true or false, got " + value);
    }
    return value.booleanValue();
  }

  /** {@code added_tokens.json}: tokens whose ids follow those of the vocabulary. */
  private static List<String> addedTokens(Path folder) throws IOException {
    Path file = folder.resolve("added_tokens.json");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    int first = Vocabulary.read(folder.resolve(WORDS)).size();
    JsonNode root = GivenConfig.json(file);
    String[] tokens = new String[root.size()];
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      int place = entry.getValue().asInt(-1) - first;
      if (place < 0 || place >= tokens.length || tokens[place] != null) {
        throw new ModelFileException(
            file.toString(),
            "token '%s': expected ids from %d on without a gap, got %s"
                .formatted(entry.getKey(), first, entry.getValue()));
      }
      tokens[place] = entry.getKey();
    }
    return List.of(tokens);
  }

  /**
   * Writes {@code vocab.txt}, {@code tokenizer_config.json} and, if the model has added tokens,
   * {@code added_tokens.json}; nothing if the model has no vocabulary.
   *
   * @return what transformers does otherwise, in full sentences
   * @throws IllegalArgumentException if a token holds a line break, so that vocab.txt cannot
   */
  public static List<String> write(Path folder, Model model) throws IOException {
    if (model.vocabulary().isEmpty()) {
      return List.of("The model has no vocabulary, so there are no tokenizer files.");
    }
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    for (String token : model.vocabulary()) {
      if (token.indexOf('\n') >= 0 || token.indexOf('\r') >= 0) {
        throw new IllegalArgumentException("vocab.txt: a token holds a line break");
      }
    }
    AtomicFile.writeText(folder.resolve(WORDS), String.join("\n", model.vocabulary()) + "\n");
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", "BertTokenizer");
    config.put("do_lower_case", options.lowerCase());
    config.put("strip_accents", options.stripAccents());
    config.put("tokenize_chinese_chars", options.splitCjk());
    config.put("model_max_length", model.config().maxPositions());
    for (String token : List.of("CLS", "SEP", "PAD", "UNK", "MASK")) {
      config.put(token.toLowerCase(Locale.ROOT) + "_token", "[" + token + "]");
    }
    List<String> notes = new ArrayList<>();
    if (options.splitSymbols()) {
      config.put(SPLIT_SYMBOLS, true);
      notes.add(
          "ERNIE splits symbols such as + off words, the BertTokenizer of transformers does not; texts with symbols may get other ids there.");
    }
    write(folder.resolve(CONFIG), config);
    if (!options.addedTokens().isEmpty()) {
      Map<String, Object> added = new LinkedHashMap<>();
      options.addedTokens().forEach(t -> added.put(t, model.vocabulary().size() + added.size()));
      write(folder.resolve("added_tokens.json"), added);
    }
    return notes;
  }

  static void write(Path file, Map<String, Object> json) throws IOException {
    AtomicFile.writeText(
        file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }
}

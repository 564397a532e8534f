package ernie4j.zoo.paddle;

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
 * The tokenizer of a PaddleNLP folder: {@code vocab.txt}, {@code tokenizer_config.json} and {@code
 * added_tokens.json}.
 *
 * @param vocabulary the tokens, empty if there is no vocab.txt
 * @param options how text is cut; ERNIE's if nothing is said
 * @param notes what a user should know
 */
record PaddleTexts(List<String> vocabulary, TokenizerOptions options, List<String> notes) {
  private static final String WORDS = "vocab.txt";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String ADDED = "added_tokens.json";

  /**
   * Reads what a folder has.
   *
   * @throws IOException if a file is damaged
   */
  static PaddleTexts read(Path folder) throws IOException {
    Path words = folder.resolve(WORDS);
    if (!Files.isRegularFile(words)) {
      return new PaddleTexts(
          List.of(),
          TokenizerOptions.ernie(),
          List.of(
              "There is no vocab.txt beside the weights, so the model cannot read text: put it there and convert again."));
    }
    List<String> vocabulary = Vocabulary.read(words).tokens();
    Path config = folder.resolve(CONFIG);
    if (!Files.isRegularFile(config)) {
      return new PaddleTexts(
          vocabulary,
          TokenizerOptions.ernie(),
          List.of("There is no tokenizer_config.json; ERNIE's usual options were taken."));
    }
    JsonNode json = GivenConfig.json(config);
    boolean lowerCase = flag(config, json, "do_lower_case", true);
    return new PaddleTexts(
        vocabulary,
        new TokenizerOptions(
            lowerCase,
            flag(config, json, "strip_accents", lowerCase),
            flag(config, json, "tokenize_chinese_chars", true),
            !json.path("tokenizer_class").asText("").startsWith("Bert"),
            added(folder.resolve(ADDED), vocabulary.size())),
        List.of());
  }

  private static boolean flag(Path file, JsonNode json, String key, boolean usual)
      throws ModelFileException {
    JsonNode value = json.path(key);
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
    JsonNode json = GivenConfig.json(file);
    String[] tokens = new String[json.size()];
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      int place = entry.getValue().asInt(-1) - first;
      if (place < 0 || place >= tokens.length || tokens[place] != null) {
        throw new ModelFileException(
            file.toString(),
            "'%s': expected ids from %d on, each once, got %s"
                .formatted(entry.getKey(), first, entry.getValue()));
      }
      tokens[place] = entry.getKey();
    }
    return List.of(tokens);
  }

  /** Writes the tokenizer of a model; nothing if it has no vocabulary. */
  static void write(Path folder, Model model) throws IOException {
    if (model.vocabulary().isEmpty()) {
      return;
    }
    TokenizerOptions options = TokenizerOptions.fromMap(model.tokenizerOptions());
    for (String token : model.vocabulary()) {
      if (token.contains("\n") || token.contains("\r")) {
        throw new IllegalArgumentException("vocab.txt: a token holds a line break");
      }
    }
    AtomicFile.writeText(folder.resolve(WORDS), String.join("\n", model.vocabulary()) + "\n");
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tokenizer_class", options.splitSymbols() ? "ErnieTokenizer" : "BertTokenizer");
    config.put("do_lower_case", options.lowerCase());
    config.put("strip_accents", options.stripAccents());
    config.put("tokenize_chinese_chars", options.splitCjk());
    config.put("model_max_length", model.config().maxPositions());
    for (String token : List.of("UNK", "SEP", "PAD", "CLS", "MASK")) {
      config.put(token.toLowerCase(Locale.ROOT) + "_token", "[" + token + "]");
    }
    writeJson(folder.resolve(CONFIG), config);
    if (!options.addedTokens().isEmpty()) {
      Map<String, Object> added = new LinkedHashMap<>();
      List<String> tokens = new ArrayList<>(options.addedTokens());
      tokens.forEach(token -> added.put(token, model.vocabulary().size() + added.size()));
      writeJson(folder.resolve(ADDED), added);
    }
  }

  static void writeJson(Path file, Map<String, Object> json) throws IOException {
    AtomicFile.writeText(
        file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
  }
}

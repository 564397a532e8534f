package ernie4j.zoo.huggingface;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.conversion.TokenizerFiles;
import ernie4j.zoo.conversion.TokenizerFiles.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The tokenizer of a model folder: {@code tokenizer.json}, or else {@code vocab.txt}, with the
 * options of {@code tokenizer_config.json}. If both files state whether text is lower-cased, {@code
 * tokenizer_config.json} takes precedence, as in transformers.
 *
 * @param vocabulary the tokens; a token's index is its id; empty if the folder has no tokenizer
 * @param options how text is cut
 */
public record HuggingFaceTokenizer(List<String> vocabulary, TokenizerOptions options) {
  private static final String TOKENIZER = "tokenizer.json";

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
            json.addedTokens(),
            json.exactTokens()));
  }

  /** Whether a folder has a tokenizer. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(TOKENIZER))
        || Files.isRegularFile(TokenizerFiles.words(folder));
  }

  /**
   * Reads the tokenizer of a folder.
   *
   * @throws IOException if it has none, or one of another kind than BERT's
   */
  public static HuggingFaceTokenizer read(Path folder) throws IOException {
    Path json = folder.resolve(TOKENIZER);
    if (Files.isRegularFile(json)) {
      LfsPointer.refuse(json);
      HuggingFaceTokenizer tokenizer = of(HuggingFaceTokenizerJson.read(json));
      return new HuggingFaceTokenizer(
          tokenizer.vocabulary, TokenizerFiles.configured(folder, tokenizer.options));
    }
    Path words = TokenizerFiles.words(folder);
    if (!Files.isRegularFile(words)) {
      throw new ModelFileException(
          folder.toString(), "expected a tokenizer.json or a vocab.txt, found neither");
    }
    LfsPointer.refuse(words);
    TokenizerFiles files = TokenizerFiles.read(folder, Dialect.HUGGING_FACE);
    return new HuggingFaceTokenizer(files.vocabulary(), files.options());
  }

  /**
   * Writes {@code vocab.txt}, {@code tokenizer_config.json} and, if the model has added tokens,
   * {@code added_tokens.json}; nothing if the model has no vocabulary.
   *
   * @return what transformers does differently, in full sentences
   * @throws IllegalArgumentException if a token contains a line break, which vocab.txt cannot
   *     express
   */
  public static List<String> write(Path folder, Model model) throws IOException {
    TokenizerFiles.write(folder, model, Dialect.HUGGING_FACE);
    if (model.vocabulary().isEmpty()) {
      return List.of("The model has no vocabulary, so there are no tokenizer files.");
    }
    return TokenizerOptions.fromMap(model.tokenizerOptions()).splitSymbols()
        ? List.of(
            "ERNIE splits symbols such as + off words, the BertTokenizer of transformers does not; texts with symbols may get other ids there.")
        : List.of();
  }
}

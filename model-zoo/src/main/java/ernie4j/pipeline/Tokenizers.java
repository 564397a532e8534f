package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tokenizer that a model file carries.
 *
 * <p>It takes a literal "[SEP]" or another special token in a text for the characters that it is,
 * as a text of a stranger must not end itself and begin another one. The references, PaddleNLP and
 * Hugging Face's tokenizers, take it for the token; {@link #withSpecialTokens} asks for that. The
 * [MASK] of a masked language model is always read.
 */
public final class Tokenizers {
  /** The option of a model that says whether special tokens in texts are read as such. */
  private static final String SPECIAL_TOKENS = "special_tokens";

  private Tokenizers() {}

  /**
   * The tokenizer of a model.
   *
   * @throws IllegalArgumentException if the model has no vocabulary or an incomplete one
   */
  public static Tokenizer of(Model model) {
    if (model.vocabulary().isEmpty()) {
      throw new IllegalArgumentException(
          "the model has no vocabulary, so it cannot read text; convert it again with its tokenizer");
    }
    ErnieTokenizer tokenizer =
        new ErnieTokenizer(
            Vocabulary.of(model.vocabulary()), TokenizerOptions.fromMap(model.tokenizerOptions()));
    if ("true".equals(model.options().get(SPECIAL_TOKENS))) {
      return tokenizer;
    }
    boolean fillsMasks = model.task().equals(Task.MASKED_LM.id());
    return tokenizer.readingSpecialTokens(fillsMasks ? Set.of("[MASK]") : Set.of());
  }

  /**
   * The model with a tokenizer that reads special tokens in texts, as the references do, for a
   * pipeline over texts that nobody else writes.
   *
   * <pre>{@code
   * TextClassifier classifier =
   *     ModelFile.load(path, m -> TextClassifier.of(Tokenizers.withSpecialTokens(m)));
   * }</pre>
   */
  public static Model withSpecialTokens(Model model) {
    Map<String, String> options = new TreeMap<>(model.options());
    options.put(SPECIAL_TOKENS, "true");
    return model.withOptions(options);
  }
}

package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import java.util.Set;

/**
 * Makes the tokenizer of a model.
 *
 * <p>It reads a literal "[SEP]" or another special token in a text as the characters that it
 * consists of: a text from outside must not be able to end itself and begin another one. The
 * references, PaddleNLP and Hugging Face's tokenizers, read it as the token; {@link
 * #withSpecialTokens} asks for that. The [MASK] of a masked language model is always read as the
 * token.
 */
public final class Tokenizers {
  /** The option that tells whether special tokens in texts are read as tokens. */
  private static final String SPECIAL_TOKENS = "special_tokens";

  private Tokenizers() {}

  /**
   * Returns the tokenizer of a model.
   *
   * @param model the model, with its vocabulary and the options of its tokenizer
   * @return the tokenizer, which may be shared between threads
   * @throws IllegalArgumentException if the model has no vocabulary or an incomplete one, or its
   *     option for special tokens is neither true nor false
   */
  public static Tokenizer of(Model model) {
    if (model.vocabulary().isEmpty()) {
      throw new IllegalArgumentException(
          "the model has no vocabulary, so it cannot read text; convert it again with its tokenizer");
    }
    ErnieTokenizer tokenizer =
        new ErnieTokenizer(
            Vocabulary.of(model.vocabulary()), TokenizerOptions.fromMap(model.tokenizerOptions()));
    if (HeadOptions.isOn(model.options(), SPECIAL_TOKENS)) {
      return tokenizer;
    }
    boolean fillsMasks = model.task().equals(Task.MASKED_LM.id());
    return tokenizer.readingSpecialTokens(fillsMasks ? Set.of("[MASK]") : Set.of());
  }

  /**
   * Returns a model whose tokenizer reads special tokens in texts, as the references do. Use it
   * only for texts from a trusted source.
   *
   * <pre>{@code
   * TextClassifier classifier =
   *     ModelFile.load(path, m -> TextClassifier.of(Tokenizers.withSpecialTokens(m)));
   * }</pre>
   *
   * @param model the model; not changed
   * @return the same weights with other options
   */
  public static Model withSpecialTokens(Model model) {
    return model.withOption(SPECIAL_TOKENS, "true");
  }
}

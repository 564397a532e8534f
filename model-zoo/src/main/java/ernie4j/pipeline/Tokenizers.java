package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;

/** The tokenizer that a model file carries. */
public final class Tokenizers {
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
    return new ErnieTokenizer(
        Vocabulary.of(model.vocabulary()), TokenizerOptions.fromMap(model.tokenizerOptions()));
  }
}

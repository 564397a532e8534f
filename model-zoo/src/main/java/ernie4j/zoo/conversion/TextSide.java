package ernie4j.zoo.conversion;

import ernie4j.tokenizer.TokenizerOptions;
import java.util.List;

/**
 * The tokenizer part of a model.
 *
 * @param vocabulary the tokens; a token's index is its id; empty if there is none
 * @param options the options of the tokenizer
 * @param notes what a user should know
 */
public record TextSide(List<String> vocabulary, TokenizerOptions options, List<String> notes) {
  /** Keeps unmodifiable copies. */
  public TextSide {
    vocabulary = List.copyOf(vocabulary);
    notes = List.copyOf(notes);
  }
}

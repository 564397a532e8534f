package ernie4j.zoo.foreign;

import ernie4j.tokenizer.TokenizerOptions;
import java.util.List;
import java.util.Map;

/**
 * The side of a model that faces texts.
 *
 * @param vocabulary the tokens; a token's index is its id; empty if there is none
 * @param options of the tokenizer
 * @param labels the label names of each output
 * @param notes what a user should know
 */
public record TextSide(
    List<String> vocabulary,
    TokenizerOptions options,
    Map<String, List<String>> labels,
    List<String> notes) {
  /** Keeps unmodifiable copies. */
  public TextSide {
    vocabulary = List.copyOf(vocabulary);
    labels = Map.copyOf(labels);
    notes = List.copyOf(notes);
  }
}

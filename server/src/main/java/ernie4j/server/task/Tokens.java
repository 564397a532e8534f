package ernie4j.server.task;

import ernie4j.tokenizer.Tokenizer;
import java.util.List;

/** Counts tokens, including [CLS] and [SEP]. */
final class Tokens {
  /** No character becomes more tokens than this: a decomposed ligature has 18 letters. */
  private static final int MOST_OF_A_CHARACTER = 18;

  private static final int CONTROL_TOKENS = 3;

  private Tokens() {}

  static int count(Tokenizer tokenizer, Input input) {
    String other = input.other();
    return (other == null ? tokenizer.encode(input.text()) : tokenizer.encode(input.text(), other))
        .length();
  }

  /**
   * Rejects requests with too many tokens. Short requests are not counted, because they cannot have
   * as many.
   *
   * @throws RequestException with status 413
   */
  static void requireAtMost(int most, Tokenizer tokenizer, Route.Question question) {
    List<Input> inputs = question.inputs();
    long bound = 0;
    for (Input input : inputs) {
      bound += (long) MOST_OF_A_CHARACTER * input.characters() + CONTROL_TOKENS;
    }
    if (bound <= most) {
      return;
    }
    long tokens = 0;
    for (int i = 0; i < inputs.size(); i++) {
      tokens += count(tokenizer, inputs.get(i));
      if (tokens > most) {
        throw RequestException.tooLarge(
            question.field(),
            "%s: the texts have more than the %,d tokens that one request may have (reached with text %d of %d); send several requests"
                .formatted(question.field(), most, i + 1, inputs.size()));
      }
    }
  }
}

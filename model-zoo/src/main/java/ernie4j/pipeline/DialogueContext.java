package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.List;

/**
 * How an utterance is read together with what was said before it: {@code [CLS] before last [SEP]
 * last [SEP] current [SEP]}, where the current utterance is the second text of a pair. Without an
 * earlier turn it is a single text.
 */
public final class DialogueContext {
  private DialogueContext() {}

  /**
   * Returns how many earlier turns a model reads.
   *
   * @param model the model, whose options say it
   * @return the number of turns; 0 for models that read no context
   * @throws WrongTaskException if the model's option is not a whole number from 0 on
   */
  public static int turns(Model model) {
    double turns = Pipelines.number(model, HeadOptions.CONTEXT_TURNS, 0);
    if (!(turns >= 0 && turns == Math.rint(turns) && turns <= Integer.MAX_VALUE)) {
      throw new WrongTaskException(
          String.format(
              "the model's option %s: expected a whole number from 0 on, got '%s'",
              HeadOptions.CONTEXT_TURNS, model.options().get(HeadOptions.CONTEXT_TURNS)));
    }
    return (int) turns;
  }

  /**
   * Returns the last turns of a dialogue.
   *
   * @param history what was said before, the oldest first
   * @param turns the most turns to return
   * @return the last turns, the oldest first; a view of the history
   */
  public static List<String> last(List<String> history, int turns) {
    return history.subList(Math.max(0, history.size() - turns), history.size());
  }

  /**
   * Puts the last turns before an utterance. If there is no room for all, the longest turn loses
   * tokens at its end first; of equal ones the older one does. The current utterance loses none. A
   * turn without tokens does not count.
   *
   * @param tokenizer the tokenizer of the model
   * @param history what was said before, the oldest first
   * @param turns how many of them are read
   * @param present the encoding of the current utterance alone, at most {@code maxLength} tokens
   * @param maxLength the most tokens of the result, [CLS] and [SEP] included
   * @return a pair that ends with the tokens of {@code present} after its [CLS]; {@code present}
   *     itself if there is nothing before it or no room
   */
  public static Encoding encode(
      Tokenizer tokenizer, List<String> history, int turns, Encoding present, int maxLength) {
    List<String> texts = new ArrayList<>();
    List<Encoding> before = new ArrayList<>();
    for (String turn : last(history, turns)) {
      Encoding encoding = tokenizer.encode(turn);
      if (encoding.length() > 2) {
        texts.add(turn);
        before.add(encoding);
      }
    }
    int[] kept =
        cut(before.stream().mapToInt(e -> e.length() - 2).toArray(), maxLength - present.length());
    Encoding context = null;
    for (int i = 0; i < kept.length; i++) {
      if (kept[i] > 0) {
        Encoding turn =
            kept[i] == before.get(i).length() - 2
                ? before.get(i)
                : tokenizer.encode(texts.get(i), Truncation.LONGEST_FIRST, kept[i] + 2);
        context = context == null ? turn : context.followedBy(turn);
      }
    }
    return context == null ? present : context.pairedWith(present);
  }

  /** How many tokens of each turn are kept, if each that is kept takes one more for its [SEP]. */
  private static int[] cut(int[] tokens, int room) {
    int[] kept = tokens.clone();
    int taken = 0;
    for (int count : kept) {
      taken += count + 1;
    }
    while (taken > room) {
      int longest = 0;
      for (int i = 1; i < kept.length; i++) {
        longest = kept[i] > kept[longest] ? i : longest;
      }
      kept[longest]--;
      taken -= kept[longest] == 0 ? 2 : 1;
    }
    return kept;
  }
}

package ernie4j.training.task;

import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.ExampleOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;

/**
 * Chooses 15 % of the tokens of a text, at least one, for the model to predict. Of these, 80 % are
 * replaced by [MASK], 10 % by any other token, and 10 % stay (Devlin et al. 2018). [CLS] and [SEP]
 * are never chosen.
 */
final class TokenMasking {
  private static final double SHARE = 0.15;

  private final int size;
  private final int maskId;
  private final Set<Integer> special;

  TokenMasking(Tokenizer tokenizer, int vocabulary) {
    size = Math.min(tokenizer.size(), vocabulary);
    maskId = tokenizer.maskId();
    special =
        Set.of(
            tokenizer.padId(),
            tokenizer.clsId(),
            tokenizer.sepId(),
            tokenizer.maskId(),
            tokenizer.unkId());
  }

  /**
   * A text with masked tokens.
   *
   * @param ids the input of the model
   * @param places indices of the chosen tokens, ascending
   * @param words the original tokens at these indices
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Masked(int[] ids, int[] places, int[] words) {}

  /** How many tokens are chosen in a text of {@code length} tokens, [CLS] and [SEP] included. */
  static int count(int length) {
    return Math.max(1, (int) Math.round(SHARE * (length - 2)));
  }

  /** Masks a text. The same ids and seed always give the same masks. */
  Masked mask(int[] ids, long seed) {
    int[] order = ExampleOrder.shuffled(Math.max(1, ids.length - 2), ExampleOrder.mixed(seed, 0));
    int[] places = Arrays.copyOf(order, count(ids.length));
    Arrays.sort(places);
    int[] words = new int[places.length];
    int[] seen = ids.clone();
    Random random = new Random(ExampleOrder.mixed(seed, 1));
    for (int i = 0; i < places.length; i++) {
      // In a text without any token, only [SEP] can be chosen.
      places[i]++;
      words[i] = ids[places[i]];
      double chance = random.nextDouble();
      if (chance < 0.8) {
        seen[places[i]] = maskId;
      } else if (chance < 0.9) {
        seen[places[i]] = word(random);
      }
    }
    return new Masked(seen, places, words);
  }

  private int word(Random random) {
    int word = random.nextInt(size);
    while (special.contains(word) && size > special.size()) {
      word = random.nextInt(size);
    }
    return word;
  }
}

package ernie4j.bench.input;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A batch for the joint intent and slot model, without padding.
 *
 * @param ids token ids of each sequence, all of one length
 * @param intents the intent of each sequence
 * @param slots a label for each token; 0, which the loss ignores, at [CLS] and [SEP]
 */
public record JointBatch(List<int[]> ids, List<Integer> intents, List<int[]> slots) {
  /** The intents of the reference's task. */
  public static final int INTENTS = 11;

  /** The slot labels of the reference's task, label 0 included. */
  public static final int SLOTS = 32;

  /** A random batch, the same for the same seed. */
  public static JointBatch random(int size, int length, int vocabularySize, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new JointBatch(
        IntStream.range(0, size)
            .mapToObj(i -> RandomTokens.sequence(length, vocabularySize, random.nextLong()))
            .toList(),
        random.ints(size, 0, INTENTS).boxed().toList(),
        IntStream.range(0, size).mapToObj(i -> labels(length, random)).toList());
  }

  private static int[] labels(int length, SplittableRandom random) {
    int[] labels = random.ints(length, 1, SLOTS).toArray();
    labels[0] = 0;
    labels[length - 1] = 0;
    return labels;
  }

  /** The number of sequences. */
  public int size() {
    return ids.size();
  }

  /** The intents as an array. */
  public int[] intentArray() {
    return intents.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The slot labels of all tokens, one sequence after the other. */
  public int[] slotArray() {
    return slots.stream().flatMapToInt(IntStream::of).toArray();
  }
}

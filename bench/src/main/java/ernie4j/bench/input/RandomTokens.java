package ernie4j.bench.input;

import ernie4j.engine.RaggedBatch;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random sequences without padding: [CLS] 1, then any ids from 3 on, then [SEP] 2. */
public final class RandomTokens {
  private RandomTokens() {}

  /** One sequence, the same for the same seed. */
  public static int[] sequence(int length, int vocabularySize, long seed) {
    int[] ids = new SplittableRandom(seed).ints(length, 3, vocabularySize).toArray();
    ids[0] = 1;
    ids[length - 1] = 2;
    return ids;
  }

  /** A batch of sequences of one length, the same in every process. */
  public static RaggedBatch batch(int sequences, int length, int vocabularySize) {
    return RaggedBatch.of(
        IntStream.range(0, sequences).mapToObj(s -> sequence(length, vocabularySize, s)).toList());
  }
}

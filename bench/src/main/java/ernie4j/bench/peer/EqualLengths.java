package ernie4j.bench.peer;

import ernie4j.engine.RaggedBatch;

/** A ragged batch as the matrix that other engines take. */
final class EqualLengths {
  private EqualLengths() {}

  /**
   * The one length of all sequences.
   *
   * @throws IllegalArgumentException if two lengths differ
   */
  static int of(RaggedBatch batch) {
    int length = batch.length(0);
    for (int s = 1; s < batch.sequences(); s++) {
      if (batch.length(s) != length) {
        throw new IllegalArgumentException(
            "expected sequences of one length, got %d and %d tokens; batches of mixed lengths are compared by 'bench/compare throughput'"
                .formatted(length, batch.length(s)));
      }
    }
    return length;
  }
}

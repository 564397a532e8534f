package ernie4j.bench.peer;

import ernie4j.engine.RaggedBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The ways to feed sequences of different lengths to an engine that takes padded batches. */
public enum PaddedPlan {
  /** One batch, padded to the longest sequence. */
  ONE_BATCH(Integer.MAX_VALUE),
  /** Sorted by length, then batches of sixteen. */
  SORTED_16(16),
  /** Sorted by length, then batches of eight. */
  SORTED_8(8),
  /** Sorted by length, then batches of four. */
  SORTED_4(4),
  /** No padding at all. */
  ONE_BY_ONE(1),
  /** In their own order, in batches of sixteen, as PaddleNLP feeds the prompts of an extractor. */
  IN_ORDER_16(16);

  private final int atOnce;

  PaddedPlan(int atOnce) {
    this.atOnce = atOnce;
  }

  /** Which sequences go together. */
  List<List<Integer>> groups(RaggedBatch batch) {
    List<Integer> order = new ArrayList<>(OnnxRuntimeBatch.all(batch));
    if (this != IN_ORDER_16) {
      order.sort(Comparator.comparingInt(batch::length));
    }
    List<List<Integer>> groups = new ArrayList<>();
    for (int from = 0; from < order.size(); from += Math.min(atOnce, order.size() - from)) {
      groups.add(order.subList(from, from + Math.min(atOnce, order.size() - from)));
    }
    return groups;
  }

  /** Whether a call needs a mask. */
  boolean isMasked() {
    return this != ONE_BY_ONE;
  }
}

package ernie4j.training.slu;

import ernie4j.engine.RaggedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Utterances as a model sees them, to make batches of. */
public final class EncodedExamples {
  private final List<EncodedExample> examples;

  EncodedExamples(List<EncodedExample> examples) {
    this.examples = List.copyOf(examples);
  }

  List<EncodedExample> asList() {
    return examples;
  }

  /** The number of utterances. */
  public int size() {
    return examples.size();
  }

  /**
   * A batch of the utterances with the given indices, in that order.
   *
   * @throws IllegalArgumentException if there is no index
   * @throws IndexOutOfBoundsException if there is no such utterance
   */
  public SluBatch batch(int... indices) {
    List<int[]> ids = new ArrayList<>();
    int[] intents = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      EncodedExample e = examples.get(indices[i]);
      ids.add(e.ids());
      intents[i] = e.intent();
    }
    RaggedBatch tokens = RaggedBatch.of(ids);
    int[] slots = new int[tokens.tokens()];
    for (int i = 0; i < indices.length; i++) {
      int[] labels = examples.get(indices[i]).slots();
      System.arraycopy(labels, 0, slots, tokens.start(i), labels.length);
    }
    return new SluBatch(tokens, intents, slots);
  }

  /** The first utterances in batches of one size, fewer if there are not so many. */
  public List<RaggedBatch> firstBatches(int batches, int size) {
    List<RaggedBatch> first = new ArrayList<>();
    for (int b = 0; b < batches && b * size < size(); b++) {
      int end = Math.min(size(), (b + 1) * size);
      first.add(batch(IntStream.range(b * size, end).toArray()).tokens());
    }
    return first;
  }
}

package ernie4j.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences of different lengths, one after the other without padding: the only batch there
 * is.
 *
 * <p>Positions count from 0 in every sequence, token and task types are 0, and attention sees every
 * token except those with the model's padding id, unless the batch says otherwise.
 */
public final class RaggedBatch {
  private final int[] ids;
  private final int[] starts;
  private final int @Nullable [] typeIds;
  private final int @Nullable [] positionIds;
  private final int @Nullable [] taskTypeIds;
  private final boolean @Nullable [] visible;

  private RaggedBatch(
      int[] ids,
      int[] starts,
      int @Nullable [] typeIds,
      int @Nullable [] positionIds,
      int @Nullable [] taskTypeIds,
      boolean @Nullable [] visible) {
    this.ids = ids;
    this.starts = starts;
    this.typeIds = typeIds;
    this.positionIds = positionIds;
    this.taskTypeIds = taskTypeIds;
    this.visible = visible;
  }

  /**
   * A batch of the given sequences of token ids.
   *
   * @throws IllegalArgumentException if there is no sequence or an empty one
   */
  public static RaggedBatch of(int[]... sequences) {
    return of(List.of(sequences));
  }

  /**
   * A batch of the given sequences of token ids.
   *
   * @throws IllegalArgumentException if there is no sequence or an empty one
   */
  public static RaggedBatch of(List<int[]> sequences) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("RaggedBatch: expected at least one sequence, got none");
    }
    int[] starts = new int[sequences.size() + 1];
    for (int s = 0; s < sequences.size(); s++) {
      int length = sequences.get(s).length;
      if (length == 0) {
        throw new IllegalArgumentException(
            String.format(
                "RaggedBatch: sequence %d has no tokens; encode it with [CLS] and [SEP]", s));
      }
      starts[s + 1] = Math.addExact(starts[s], length);
    }
    return new RaggedBatch(concatenate(sequences, starts), starts, null, null, null, null);
  }

  private static int[] concatenate(List<int[]> parts, int[] starts) {
    int[] all = new int[starts[starts.length - 1]];
    for (int s = 0; s < parts.size(); s++) {
      System.arraycopy(parts.get(s), 0, all, starts[s], parts.get(s).length);
    }
    return all;
  }

  /** This batch with token type ids, one array per sequence. */
  public RaggedBatch withTypeIds(List<int[]> perSequence) {
    int[] values = checked("typeIds", perSequence);
    return new RaggedBatch(ids, starts, values, positionIds, taskTypeIds, visible);
  }

  /** This batch with positions of its own, one array per sequence. */
  public RaggedBatch withPositionIds(List<int[]> perSequence) {
    int[] values = checked("positionIds", perSequence);
    return new RaggedBatch(ids, starts, typeIds, values, taskTypeIds, visible);
  }

  /** This batch with task type ids (ERNIE v1), one array per sequence. */
  public RaggedBatch withTaskTypeIds(List<int[]> perSequence) {
    int[] values = checked("taskTypeIds", perSequence);
    return new RaggedBatch(ids, starts, typeIds, positionIds, values, visible);
  }

  /**
   * This batch with an attention mask of its own: 1 for a token that attention sees, 0 for one it
   * does not. The padding id then means nothing.
   */
  public RaggedBatch withAttentionMask(List<int[]> perSequence) {
    int[] values = checked("attentionMask", perSequence);
    boolean[] mask = new boolean[values.length];
    for (int t = 0; t < mask.length; t++) {
      if (values[t] != 0 && values[t] != 1) {
        throw new IllegalArgumentException(
            String.format(
                "RaggedBatch: attentionMask: expected 0 or 1, got %d at token %d", values[t], t));
      }
      mask[t] = values[t] == 1;
    }
    return new RaggedBatch(ids, starts, typeIds, positionIds, taskTypeIds, mask);
  }

  private int[] checked(String name, List<int[]> perSequence) {
    if (perSequence.size() != sequences()) {
      throw new IllegalArgumentException(
          String.format(
              "RaggedBatch: %s: expected %d sequences, got %d",
              name, sequences(), perSequence.size()));
    }
    for (int s = 0; s < sequences(); s++) {
      if (perSequence.get(s).length != length(s)) {
        throw new IllegalArgumentException(
            String.format(
                "RaggedBatch: %s: sequence %d has %d tokens, got %d values",
                name, s, length(s), perSequence.get(s).length));
      }
    }
    return concatenate(perSequence, starts);
  }

  /** The number of sequences. */
  public int sequences() {
    return starts.length - 1;
  }

  /** The number of tokens in all sequences. */
  public int tokens() {
    return ids.length;
  }

  /** The index of a sequence's first token; {@code start(sequences())} is the number of tokens. */
  public int start(int sequence) {
    return starts[sequence];
  }

  /** The number of tokens of a sequence. */
  public int length(int sequence) {
    return starts[sequence + 1] - starts[sequence];
  }

  /** The length of the longest sequence. */
  public int longest() {
    int longest = 0;
    for (int s = 0; s < sequences(); s++) {
      longest = Math.max(longest, length(s));
    }
    return longest;
  }

  /** The id of a token, counted over all sequences. */
  public int id(int token) {
    return ids[token];
  }

  public int typeId(int token) {
    return typeIds == null ? 0 : typeIds[token];
  }

  /** The position of a token that stands at {@code index} of its sequence. */
  public int positionId(int token, int index) {
    return positionIds == null ? index : positionIds[token];
  }

  public int taskTypeId(int token) {
    return taskTypeIds == null ? 0 : taskTypeIds[token];
  }

  /** Whether attention sees a token. */
  public boolean isVisible(int token, int paddingId) {
    return visible == null ? ids[token] != paddingId : visible[token];
  }

  /** The number of sequences and tokens, for messages. */
  @Override
  public String toString() {
    return String.format(
        "RaggedBatch[%d sequences, %d tokens, lengths %s]", sequences(), tokens(), lengths());
  }

  private String lengths() {
    int shown = Math.min(8, sequences());
    int[] first = new int[shown];
    Arrays.setAll(first, this::length);
    return Arrays.toString(first) + (shown < sequences() ? "..." : "");
  }
}

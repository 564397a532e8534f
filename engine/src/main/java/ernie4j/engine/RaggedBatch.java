package ernie4j.engine;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Token sequences of different lengths, one after the other without padding; the only kind of
 * batch.
 *
 * <p>By default, positions count from 0 in every sequence, token and task types are 0, and
 * attention sees every token except those with the model's padding id.
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
   * Makes a batch of sequences of token ids.
   *
   * @param sequences the ids of each sequence, usually with [CLS] and [SEP]; copied
   * @return the batch
   * @throws IllegalArgumentException if there is no sequence or an empty one
   */
  public static RaggedBatch of(int[]... sequences) {
    return of(List.of(sequences));
  }

  /**
   * Makes a batch of sequences of token ids.
   *
   * @param sequences the ids of each sequence, usually with [CLS] and [SEP]; copied
   * @return the batch
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

  /**
   * Returns this batch with token type ids.
   *
   * @param perSequence the token types, one array per sequence and as long as it; copied
   * @return the new batch
   * @throws IllegalArgumentException if the numbers of sequences or tokens differ
   */
  public RaggedBatch withTypeIds(List<int[]> perSequence) {
    int[] values = checked("typeIds", perSequence);
    return new RaggedBatch(ids, starts, values, positionIds, taskTypeIds, visible);
  }

  /**
   * Returns this batch with its own positions.
   *
   * @param perSequence the rows of the position embedding, one array per sequence and as long as
   *     it; copied
   * @return the new batch
   * @throws IllegalArgumentException if the numbers of sequences or tokens differ
   */
  public RaggedBatch withPositionIds(List<int[]> perSequence) {
    int[] values = checked("positionIds", perSequence);
    return new RaggedBatch(ids, starts, typeIds, values, taskTypeIds, visible);
  }

  /**
   * Returns this batch with task type ids (ERNIE v1).
   *
   * @param perSequence the task types, one array per sequence and as long as it; copied
   * @return the new batch
   * @throws IllegalArgumentException if the numbers of sequences or tokens differ
   */
  public RaggedBatch withTaskTypeIds(List<int[]> perSequence) {
    int[] values = checked("taskTypeIds", perSequence);
    return new RaggedBatch(ids, starts, typeIds, positionIds, values, visible);
  }

  /**
   * Returns this batch with its own attention mask. The padding id then has no meaning.
   *
   * @param perSequence 1 for a token that attention sees, 0 for one that it does not, one array per
   *     sequence and as long as it; copied
   * @return the new batch
   * @throws IllegalArgumentException if the numbers of sequences or tokens differ, or a value is
   *     neither 0 nor 1
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

  /** {@return the number of sequences} */
  public int sequences() {
    return starts.length - 1;
  }

  /** {@return the number of tokens in all sequences} */
  public int tokens() {
    return ids.length;
  }

  /**
   * Returns where a sequence starts.
   *
   * @param sequence index of the sequence, from 0; {@link #sequences} is allowed
   * @return the index of its first token over all sequences; for {@code sequences()} the number of
   *     tokens
   */
  public int start(int sequence) {
    return starts[sequence];
  }

  /**
   * Returns the length of a sequence.
   *
   * @param sequence index of the sequence, from 0
   * @return the number of its tokens
   */
  public int length(int sequence) {
    return starts[sequence + 1] - starts[sequence];
  }

  /** {@return the number of tokens of the longest sequence} */
  public int longest() {
    int longest = 0;
    for (int s = 0; s < sequences(); s++) {
      longest = Math.max(longest, length(s));
    }
    return longest;
  }

  /**
   * Returns the id of a token.
   *
   * @param token index of the token over all sequences, from 0
   * @return its id
   */
  public int id(int token) {
    return ids[token];
  }

  /**
   * Returns the type of a token.
   *
   * @param token index of the token over all sequences, from 0
   * @return its row of the token type embedding; 0 by default
   */
  public int typeId(int token) {
    return typeIds == null ? 0 : typeIds[token];
  }

  /**
   * Returns the position of a token.
   *
   * @param token index of the token over all sequences, from 0
   * @param index its index in its sequence, from 0, which is the default position
   * @return its row of the position embedding
   */
  public int positionId(int token, int index) {
    return positionIds == null ? index : positionIds[token];
  }

  /**
   * Returns the task type of a token (ERNIE v1).
   *
   * @param token index of the token over all sequences, from 0
   * @return its row of the task type embedding; 0 by default
   */
  public int taskTypeId(int token) {
    return taskTypeIds == null ? 0 : taskTypeIds[token];
  }

  /**
   * Returns whether attention sees a token.
   *
   * @param token index of the token over all sequences, from 0
   * @param paddingId the padding id of the model; ignored if this batch has its own mask
   * @return true if attention sees it
   */
  public boolean isVisible(int token, int paddingId) {
    return visible == null ? ids[token] != paddingId : visible[token];
  }

  /** {@return the numbers of sequences and tokens and the first lengths, for messages} */
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

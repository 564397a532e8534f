package ernie4j.engine.encoder;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The scratch memory of one forward pass and, after it, its hidden states. It grows to the largest
 * batch that it has seen and is then reused without allocation. It serves one caller at a time,
 * however many threads that caller computes with; {@link Encoder#forward(RaggedBatch,
 * java.util.function.Function)} lends one.
 */
public final class EncoderWorkspace {
  private final int hiddenSize;
  private final int widestAttention;
  private final int widestIntermediate;
  private final int lastAttention;
  private final ForwardPass pass;

  private @Nullable RaggedBatch batch;
  private int capacity;
  private int reserved;
  float[] hidden = new float[0];
  float[] qkv = new float[0];
  float[] context = new float[0];
  float[] projection = new float[0];
  float[] keyBias = new float[0];
  boolean masked;

  // One of each for every thread of a pass.
  private final float[][] intermediate;
  private final float[][] attentionScratch;

  EncoderWorkspace(
      int hiddenSize, EmbeddingLayer embeddings, List<EncoderLayer> layers, Parallel parallel) {
    this.hiddenSize = hiddenSize;
    widestAttention = layers.stream().mapToInt(EncoderLayer::attentionWidth).max().getAsInt();
    widestIntermediate = layers.stream().mapToInt(EncoderLayer::intermediateWidth).max().getAsInt();
    lastAttention = layers.get(layers.size() - 1).attentionWidth();
    intermediate = new float[parallel.threads()][0];
    attentionScratch = new float[parallel.threads()][0];
    pass = new ForwardPass(embeddings, layers, this, parallel);
  }

  ForwardPass pass() {
    return pass;
  }

  /** How many tokens fit without new arrays. */
  int capacity() {
    return capacity;
  }

  /** Sets the size, in tokens, to which arrays grow if the next batch does not fit. */
  void reserve(int tokens) {
    reserved = tokens;
  }

  int reserved() {
    return reserved;
  }

  /** Whether helpers may still compute in this workspace although its caller has left. */
  boolean isInUse() {
    return pass.isRunning();
  }

  void prepare(RaggedBatch newBatch, int scratch) {
    int tokens = newBatch.tokens();
    if (tokens > capacity) {
      grow(Math.max(tokens, reserved));
    }
    pass.plan(tokens);
    int rows = pass.blockRows() * widestIntermediate;
    for (int worker = 0; worker < pass.workers(); worker++) {
      if (intermediate[worker].length < rows) {
        intermediate[worker] = new float[rows];
      }
      if (attentionScratch[worker].length < scratch) {
        attentionScratch[worker] = new float[scratch];
      }
    }
    batch = newBatch;
  }

  private void grow(int tokens) {
    // The old arrays are released first, so that both are not in memory at once.
    batch = null;
    capacity = 0;
    hidden = new float[0];
    qkv = new float[0];
    context = new float[0];
    projection = new float[0];
    hidden = new float[length(tokens, hiddenSize)];
    qkv = new float[length(tokens, 3 * widestAttention)];
    context = new float[length(tokens, widestAttention)];
    projection = new float[length(tokens, hiddenSize)];
    keyBias = new float[tokens];
    capacity = tokens;
  }

  private static int length(int tokens, int width) {
    if ((long) tokens * width > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          String.format(
              "Encoder: the batch has %d tokens, at most %d of this model can be computed together; run it in several batches",
              tokens, Integer.MAX_VALUE / width));
    }
    return tokens * width;
  }

  float[] intermediate(int worker) {
    return intermediate[worker];
  }

  float[] attentionScratch(int worker) {
    return attentionScratch[worker];
  }

  /**
   * Returns the batch of the last forward pass.
   *
   * @return the batch
   * @throws IllegalStateException if there was no pass
   */
  public RaggedBatch batch() {
    if (batch == null) {
      throw new IllegalStateException("EncoderWorkspace: call Encoder.forward first");
    }
    return batch;
  }

  /**
   * Returns the hidden states of the last forward pass. The next pass overwrites them.
   *
   * @return the shared array, {@code [tokens, hiddenSize]}, row-major from index 0; may be longer
   */
  public float[] hidden() {
    return hidden;
  }

  /** {@return the width of a hidden state} */
  public int hiddenSize() {
    return hiddenSize;
  }

  /**
   * Returns queries, keys and values of the last layer side by side. The next pass overwrites them.
   *
   * @return the shared array, {@code [tokens, 3 attentionWidth]}, row-major from index 0; may be
   *     longer
   */
  public float[] queryKeyValue() {
    return qkv;
  }

  /** {@return the width of all heads of the last layer together} */
  public int attentionWidth() {
    return lastAttention;
  }
}

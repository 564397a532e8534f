package ernie4j.engine.encoder;

import ernie4j.engine.RaggedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The scratch of one forward pass and, after it, its hidden states. Grows to the largest batch it
 * has seen and is then reused without allocation. One thread at a time; make one per thread.
 */
public final class EncoderWorkspace {
  private final int hiddenSize;
  private final int widestAttention;
  private final int widestIntermediate;

  private @Nullable RaggedBatch batch;
  private int capacity;
  float[] hidden = new float[0];
  float[] qkv = new float[0];
  float[] context = new float[0];
  float[] projection = new float[0];
  float[] intermediate = new float[0];
  float[] keyBias = new float[0];
  float[] scratch = new float[0];

  EncoderWorkspace(int hiddenSize, int widestAttention, int widestIntermediate) {
    this.hiddenSize = hiddenSize;
    this.widestAttention = widestAttention;
    this.widestIntermediate = widestIntermediate;
  }

  void prepare(RaggedBatch newBatch, int attentionScratch) {
    int tokens = newBatch.tokens();
    if (tokens > capacity) {
      hidden = new float[Math.multiplyExact(tokens, hiddenSize)];
      qkv = new float[Math.multiplyExact(tokens, 3 * widestAttention)];
      context = new float[Math.multiplyExact(tokens, widestAttention)];
      projection = new float[Math.multiplyExact(tokens, hiddenSize)];
      intermediate = new float[Math.multiplyExact(tokens, widestIntermediate)];
      keyBias = new float[tokens];
      capacity = tokens;
    }
    if (attentionScratch > scratch.length) {
      scratch = new float[attentionScratch];
    }
    batch = newBatch;
  }

  /**
   * The batch of the last forward pass.
   *
   * @throws IllegalStateException if there was none
   */
  public RaggedBatch batch() {
    if (batch == null) {
      throw new IllegalStateException("EncoderWorkspace: call Encoder.forward first");
    }
    return batch;
  }

  /**
   * The hidden states of the last forward pass, {@code [tokens, hiddenSize]} row-major from index
   * 0; the array may be longer. It is overwritten by the next pass.
   */
  public float[] hidden() {
    return hidden;
  }

  /** The width of a hidden state. */
  public int hiddenSize() {
    return hiddenSize;
  }
}

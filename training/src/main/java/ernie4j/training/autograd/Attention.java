package ernie4j.training.autograd;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;

/**
 * Self-attention of every sequence and head, in the notation of the comments below: S = scale Q K^T
 * + mask, P = softmax(S), D = dropout(P), C = D V. P is kept for the backward pass; D is recomputed
 * from its random key. Sequences are distributed over threads.
 */
final class Attention {
  private static final float MASKED = -10000f;

  private final Tape tape;
  private final Kernels kernels;
  private final Variable qkv;
  private final RaggedBatch batch;
  private final int heads;
  private final int headSize;
  private final float scale;
  private final float dropout;
  private final long key;
  private final int paddingId;
  private final int[] probabilityStart;
  private final float[] probabilities;

  private Attention(
      Tape tape,
      Variable qkv,
      RaggedBatch batch,
      int heads,
      int headSize,
      float dropout,
      int paddingId) {
    if (qkv.columns() != 3 * heads * headSize || qkv.rows() != batch.tokens()) {
      throw new IllegalArgumentException(
          "attention: expected [%d, 3 x %d x %d], got [%d, %d]"
              .formatted(batch.tokens(), heads, headSize, qkv.rows(), qkv.columns()));
    }
    this.tape = tape;
    this.kernels = tape.kernels();
    this.qkv = qkv;
    this.batch = batch;
    this.heads = heads;
    this.headSize = headSize;
    this.scale = (float) (1 / Math.sqrt(headSize));
    this.dropout = tape.effectiveDropout(dropout);
    this.key = tape.nextDropoutKey();
    this.paddingId = paddingId;
    this.probabilityStart = new int[batch.sequences() + 1];
    for (int s = 0; s < batch.sequences(); s++) {
      int squares = Math.multiplyExact(heads, Math.multiplyExact(batch.length(s), batch.length(s)));
      probabilityStart[s + 1] = Math.addExact(probabilityStart[s], squares);
    }
    this.probabilities = tape.buffer(probabilityStart[batch.sequences()]);
  }

  static Variable apply(
      Tape tape,
      Variable qkv,
      RaggedBatch batch,
      int heads,
      int headSize,
      float dropout,
      int paddingId) {
    Attention attention = new Attention(tape, qkv, batch, heads, headSize, dropout, paddingId);
    Variable context = tape.result(qkv.rows(), heads * headSize, qkv.needsGradient());
    attention.forEachSequence((set, s) -> attention.forward(set, s, context.value()));
    tape.record(
        () -> {
          if (context.hasGradient() && qkv.needsGradient()) {
            float[] d = tape.buffer(qkv.size());
            attention.forEachSequence(
                (set, s) -> attention.backward(set, s, context.gradient(), d));
            tape.addGradient(qkv, d);
          }
        });
    return context;
  }

  private interface SequenceStep {
    void run(AttentionWorkspaces.Set set, int sequence);
  }

  private void forEachSequence(SequenceStep step) {
    tape.parallel()
        .run(
            batch.sequences(),
            1,
            (part, from, to) -> {
              AttentionWorkspaces.Set set = tape.attentionWorkspaces().of(part);
              for (int s = from; s < to; s++) {
                set.prepare(batch.length(s));
                step.run(set, s);
              }
            });
  }

  private int width() {
    return heads * headSize;
  }

  private void forward(AttentionWorkspaces.Set set, int s, float[] context) {
    int n = batch.length(s);
    int ld = 3 * width();
    for (int h = 0; h < heads; h++) {
      int q = batch.start(s) * ld + h * headSize;
      int k = q + width();
      int v = k + width();
      int p = probabilityStart[s] + h * n * n;
      PackedMatrix keys = set.packed(headSize, n);
      kernels.pack(qkv.value(), k, ld, true, keys, 0, n);
      kernels.gemm(n, qkv.value(), q, ld, keys, null, Epilogue.NONE, probabilities, p, n);
      scaleAndMask(s, n, p);
      kernels.softmax(n, n, probabilities, p, n);
      PackedMatrix values = set.packed(n, headSize);
      kernels.pack(qkv.value(), v, ld, false, values, 0, headSize);
      dropped(set, n, p);
      int c = batch.start(s) * width() + h * headSize;
      kernels.gemm(n, set.first, 0, n, values, null, Epilogue.NONE, context, c, width());
    }
  }

  private void scaleAndMask(int s, int n, int p) {
    for (int i = 0; i < n * n; i++) {
      probabilities[p + i] *= scale;
    }
    for (int j = 0; j < n; j++) {
      if (!batch.isVisible(batch.start(s) + j, paddingId)) {
        for (int i = 0; i < n; i++) {
          probabilities[p + i * n + j] += MASKED;
        }
      }
    }
  }

  /** D = dropout(P), in the first matrix of the set. */
  private void dropped(AttentionWorkspaces.Set set, int n, int p) {
    if (dropout > 0f) {
      kernels.dropout(n * n, probabilities, p, set.first, 0, dropout, key, p);
    } else {
      System.arraycopy(probabilities, p, set.first, 0, n * n);
    }
  }

  private void backward(AttentionWorkspaces.Set set, int s, float[] dContext, float[] d) {
    int n = batch.length(s);
    int ld = 3 * width();
    for (int h = 0; h < heads; h++) {
      int q = batch.start(s) * ld + h * headSize;
      int k = q + width();
      int v = k + width();
      int p = probabilityStart[s] + h * n * n;
      int c = batch.start(s) * width() + h * headSize;
      // dV = D^T dC
      dropped(set, n, p);
      kernels.transpose(n, n, set.first, 0, n, set.second, 0, n);
      PackedMatrix packed = set.packed(n, headSize);
      kernels.pack(dContext, c, width(), false, packed, 0, headSize);
      kernels.gemm(n, set.second, 0, n, packed, null, Epilogue.NONE, d, v, ld);
      // dD = dC V^T, dP = dropout(dD)
      packed = set.packed(headSize, n);
      kernels.pack(qkv.value(), v, ld, true, packed, 0, n);
      kernels.gemm(n, dContext, c, width(), packed, null, Epilogue.NONE, set.first, 0, n);
      if (dropout > 0f) {
        kernels.dropout(n * n, set.first, 0, set.first, 0, dropout, key, p);
      }
      softmaxGradient(set.first, n, p);
      // dQ = dS K, dK = dS^T Q
      packed = set.packed(n, headSize);
      kernels.pack(qkv.value(), k, ld, false, packed, 0, headSize);
      kernels.gemm(n, set.first, 0, n, packed, null, Epilogue.NONE, d, q, ld);
      kernels.transpose(n, n, set.first, 0, n, set.second, 0, n);
      packed = set.packed(n, headSize);
      kernels.pack(qkv.value(), q, ld, false, packed, 0, headSize);
      kernels.gemm(n, set.second, 0, n, packed, null, Epilogue.NONE, d, k, ld);
    }
  }

  /** dS = scale P (dP - sum over keys of dP P), written in place of dP. */
  private void softmaxGradient(float[] dp, int n, int p) {
    for (int i = 0; i < n; i++) {
      float sum = 0f;
      for (int j = 0; j < n; j++) {
        sum = Math.fma(dp[i * n + j], probabilities[p + i * n + j], sum);
      }
      for (int j = 0; j < n; j++) {
        int ij = i * n + j;
        dp[ij] = scale * probabilities[p + ij] * (dp[ij] - sum);
      }
    }
  }
}

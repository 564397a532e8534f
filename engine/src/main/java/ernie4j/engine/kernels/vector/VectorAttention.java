package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;
import static ernie4j.engine.kernels.vector.VectorMath.L;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head at a time, made of the tiles of the matrix product: K^T and V are copied
 * into panels, then a block of queries gives scores, probabilities and context. Keys beyond the
 * last are padded to whole vectors; they start from a bias of -inf, so no mask is needed anywhere.
 * The context is divided by the sum of exponentials instead of every probability. The twin of
 * {@link ScalarAttention}, bit by bit.
 */
final class VectorAttention {
  private VectorAttention() {}

  /** Queries at a time: the scores of a block stay in the first-level cache. */
  private static final int ROWS = VectorSoftmax.ROWS;

  static int scratch(int tokens, int headSize) {
    long keys = padded(tokens, LANES);
    long width = padded(headSize, L);
    return Math.toIntExact(
        keys * headSize + tokens * width + ROWS * (stride(tokens) + width) + width + keys);
  }

  /** The distance between rows of scores; rows 2 KiB apart would share sets of the cache. */
  private static int stride(int tokens) {
    return padded(tokens, LANES) + LANES;
  }

  private static int padded(int n, int multiple) {
    return Math.addExact(n, multiple - 1) / multiple * multiple;
  }

  static void head(
      int tokens,
      int headSize,
      float scale,
      float[] qkv,
      int q,
      int k,
      int v,
      int ld,
      float @Nullable [] keyBias,
      int keyBiasOffset,
      float[] context,
      int contextOffset,
      int ldContext,
      float[] scratch,
      float[] sums,
      PanelFunction tiles) {
    int keys = padded(tokens, LANES);
    int width = padded(headSize, L);
    int keyPanels = 0;
    int valuePanels = keyPanels + keys * headSize;
    int scores = valuePanels + tokens * width;
    int stride = stride(tokens);
    int out = scores + ROWS * stride;
    int zeros = out + ROWS * width;
    int bias = zeros + width;
    packKeys(tokens, headSize, scale, qkv, k, ld, scratch, keyPanels);
    packValues(tokens, headSize, qkv, v, ld, scratch, valuePanels);
    Arrays.fill(scratch, zeros, bias, 0f);
    if (keyBias == null) {
      Arrays.fill(scratch, bias, bias + tokens, 0f);
    } else {
      System.arraycopy(keyBias, keyBiasOffset, scratch, bias, tokens);
    }
    Arrays.fill(scratch, bias + tokens, bias + keys, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < tokens; i += ROWS) {
      int rows = Math.min(ROWS, tokens - i);
      product(
          tiles,
          rows,
          headSize,
          qkv,
          q + i * ld,
          ld,
          scratch,
          keyPanels,
          keys,
          bias,
          scores,
          stride);
      VectorSoftmax.exponentials(rows, keys, scratch, scores, stride, sums);
      // The padded columns of V hold whatever was there: their results are never copied out.
      product(
          tiles,
          rows,
          tokens,
          scratch,
          scores,
          stride,
          scratch,
          valuePanels,
          width,
          zeros,
          out,
          width);
      for (int r = 0; r < rows; r++) {
        VectorSoftmax.scale(width, scratch, out + r * width, 1f / sums[r]);
        System.arraycopy(
            scratch, out + r * width, context, contextOffset + (i + r) * ldContext, headSize);
      }
    }
  }

  private static void packKeys(
      int tokens, int headSize, float scale, float[] qkv, int k, int ld, float[] scratch, int to) {
    int keys = padded(tokens, LANES);
    for (int j0 = 0; j0 < keys; j0 += VectorPanels.WIDTH) {
      int stored = VectorPanels.stored(j0, keys);
      int panel = to + j0 * headSize;
      int count = Math.max(0, Math.min(stored, tokens - j0));
      for (int j = 0; j < count; j++) {
        int from = k + (j0 + j) * ld;
        for (int d = 0; d < headSize; d++) {
          scratch[panel + d * stored + j] = qkv[from + d] * scale;
        }
      }
      if (count < stored) {
        for (int d = 0; d < headSize; d++) {
          Arrays.fill(scratch, panel + d * stored + count, panel + (d + 1) * stored, 0f);
        }
      }
    }
  }

  private static void packValues(
      int tokens, int headSize, float[] qkv, int v, int ld, float[] scratch, int to) {
    for (int d0 = 0; d0 < headSize; d0 += VectorPanels.WIDTH) {
      int stored = VectorPanels.stored(d0, headSize);
      int count = Math.min(stored, headSize - d0);
      int panel = to + d0 * tokens;
      for (int j = 0; j < tokens; j++) {
        System.arraycopy(qkv, v + j * ld + d0, scratch, panel + j * stored, count);
      }
    }
  }

  /** {@code C [rows, columns] = init + A B} with B in panels in the scratch. */
  private static void product(
      PanelFunction tiles,
      int rows,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] scratch,
      int panels,
      int columns,
      int init,
      int c0,
      int ldc) {
    for (int j = 0; j < columns; j += VectorPanels.WIDTH) {
      int width = VectorPanels.stored(j, columns);
      tiles.run(
          width,
          rows,
          n,
          a,
          a0,
          lda,
          scratch,
          panels + j * n,
          scratch,
          init + j,
          0,
          scratch,
          c0 + j,
          ldc);
    }
  }
}

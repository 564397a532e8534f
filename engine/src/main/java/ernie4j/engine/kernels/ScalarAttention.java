package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.LaneSums.LANES;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head at a time as two products: K^T and V become {@link RowMatrix}es, whose
 * loops C2 vectorizes by itself. One instance belongs to one thread.
 */
final class ScalarAttention {
  /** Queries at a time. */
  private static final int ROWS = 16;

  private final RowMatrix keys = new RowMatrix(1, 1);
  private final RowMatrix values = new RowMatrix(1, 1);
  private final RowProduct product = new RowProduct();
  private final float[] sums = new float[ROWS];

  /** Values of scratch that {@link #head} needs. */
  static int scratch(int tokens) {
    return Math.multiplyExact(ROWS, padded(tokens));
  }

  private static int padded(int tokens) {
    return Math.addExact(tokens, LANES - 1) / LANES * LANES;
  }

  void head(
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
      float[] scores,
      float[] lanes) {
    int width = padded(tokens);
    packKeys(tokens, headSize, scale, qkv, k, ld);
    packValues(tokens, headSize, qkv, v, ld);
    for (int i = 0; i < tokens; i += ROWS) {
      int rows = Math.min(ROWS, tokens - i);
      for (int r = 0; r < rows; r++) {
        int row = r * width;
        if (keyBias == null) {
          Arrays.fill(scores, row, row + tokens, 0f);
        } else {
          System.arraycopy(keyBias, keyBiasOffset, scores, row, tokens);
        }
        Arrays.fill(scores, row + tokens, row + width, Float.NEGATIVE_INFINITY);
      }
      product.add(rows, qkv, q + i * ld, ld, keys, scores, 0, width);
      for (int r = 0; r < rows; r++) {
        sums[r] = ScalarSoftmax.exponentials(width, scores, r * width, lanes);
        int c = contextOffset + (i + r) * ldContext;
        Arrays.fill(context, c, c + headSize, 0f);
      }
      product.add(
          rows, scores, 0, width, values, context, contextOffset + i * ldContext, ldContext);
      for (int r = 0; r < rows; r++) {
        ScalarSoftmax.scale(headSize, context, contextOffset + (i + r) * ldContext, 1f / sums[r]);
      }
    }
  }

  private void packKeys(int tokens, int headSize, float scale, float[] qkv, int k, int ld) {
    keys.reshape(headSize, tokens);
    for (int d = 0; d < headSize; d++) {
      float[] row = keys.values[d];
      for (int j = 0; j < tokens; j++) {
        row[j] = qkv[k + j * ld + d] * scale;
      }
    }
  }

  private void packValues(int tokens, int headSize, float[] qkv, int v, int ld) {
    values.reshape(tokens, headSize);
    for (int j = 0; j < tokens; j++) {
      System.arraycopy(qkv, v + j * ld, values.values[j], 0, headSize);
    }
  }
}

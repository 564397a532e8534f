package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head at a time, made of the tiles of the matrix product: K^T and V are copied
 * into panels, then eight queries at once give scores, probabilities and context. Keys beyond the
 * last are padded to whole vectors; they start from a bias of -inf, so no mask is needed anywhere.
 */
final class VectorAttention {
  private VectorAttention() {}

  private static final int ROWS = 8;
  private static final int PANEL = 2 * L;

  static int scratch(int tokens, int headSize) {
    long keys = padded(tokens);
    long width = padded(headSize);
    return Math.toIntExact(keys * headSize + tokens * width + ROWS * keys + ROWS * width + keys);
  }

  private static int padded(int n) {
    return Math.addExact(n, L - 1) / L * L;
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
      float[] scratch) {
    int keys = padded(tokens);
    int width = padded(headSize);
    int keyPanels = 0;
    int valuePanels = keyPanels + keys * headSize;
    int scores = valuePanels + tokens * width;
    int out = scores + ROWS * keys;
    int bias = out + ROWS * width;
    packKeys(tokens, headSize, scale, qkv, k, ld, scratch, keyPanels);
    packValues(tokens, headSize, qkv, v, ld, scratch, valuePanels);
    if (keyBias == null) {
      Arrays.fill(scratch, bias, bias + tokens, 0f);
    } else {
      System.arraycopy(keyBias, keyBiasOffset, scratch, bias, tokens);
    }
    Arrays.fill(scratch, bias + tokens, bias + keys, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < tokens; i += ROWS) {
      int rows = Math.min(ROWS, tokens - i);
      product(rows, headSize, qkv, q + i * ld, ld, scratch, keyPanels, keys, bias, scores);
      for (int r = 0; r < rows; r++) {
        softmax(scratch, scores + r * keys, keys);
      }
      // The padded columns of V hold whatever was there: their results are never copied out.
      weightedSum(rows, tokens, scratch, scores, keys, valuePanels, width, out);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(
            scratch, out + r * width, context, contextOffset + (i + r) * ldContext, headSize);
      }
    }
  }

  private static void packKeys(
      int tokens, int headSize, float scale, float[] qkv, int k, int ld, float[] scratch, int to) {
    for (int j0 = 0; j0 < tokens; j0 += PANEL) {
      int stored = Math.min(PANEL, padded(tokens) - j0);
      int panel = to + j0 * headSize;
      int count = Math.min(stored, tokens - j0);
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
    for (int d0 = 0; d0 < headSize; d0 += PANEL) {
      int stored = Math.min(PANEL, padded(headSize) - d0);
      int count = Math.min(stored, headSize - d0);
      int panel = to + d0 * tokens;
      for (int j = 0; j < tokens; j++) {
        System.arraycopy(qkv, v + j * ld + d0, scratch, panel + j * stored, count);
      }
    }
  }

  /** Scores of some queries against all keys, from the key bias up. */
  private static void product(
      int rows,
      int headSize,
      float[] qkv,
      int q,
      int ld,
      float[] scratch,
      int panels,
      int keys,
      int bias,
      int scores) {
    for (int j = 0; j < keys; j += PANEL) {
      int panel = panels + j * headSize;
      if (keys - j >= PANEL) {
        TwoVectorTiles.tile(
            rows,
            headSize,
            qkv,
            q,
            ld,
            scratch,
            panel,
            scratch,
            bias + j,
            0,
            scratch,
            scores + j,
            keys);
      } else {
        OneVectorTiles.tile(
            rows,
            headSize,
            qkv,
            q,
            ld,
            scratch,
            panel,
            scratch,
            bias + j,
            0,
            scratch,
            scores + j,
            keys);
      }
    }
  }

  private static void weightedSum(
      int rows, int tokens, float[] scratch, int scores, int keys, int panels, int width, int out) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(scratch, out + r * width, out + (r + 1) * width, 0f);
    }
    for (int d = 0; d < width; d += PANEL) {
      int panel = panels + d * tokens;
      if (width - d >= PANEL) {
        TwoVectorTiles.tile(
            rows, tokens, scratch, scores, keys, scratch, panel, scratch, out + d, width, scratch,
            out + d, width);
      } else {
        OneVectorTiles.tile(
            rows, tokens, scratch, scores, keys, scratch, panel, scratch, out + d, width, scratch,
            out + d, width);
      }
    }
  }

  /** Softmax of a row of whole vectors. */
  private static void softmax(float[] x, int offset, int n) {
    int end = offset + n;
    FloatVector top = FloatVector.fromArray(S, x, offset);
    for (int j = offset + L; j < end; j += L) {
      top = top.max(FloatVector.fromArray(S, x, j));
    }
    float max = top.reduceLanes(VectorOperators.MAX);
    FloatVector sum = FloatVector.zero(S);
    for (int j = offset; j < end; j += L) {
      FloatVector e = VectorMath.expOfNonPositive(FloatVector.fromArray(S, x, j).sub(max));
      e.intoArray(x, j);
      sum = sum.add(e);
    }
    float inverse = 1f / VectorMath.sum(sum);
    for (int j = offset; j < end; j += L) {
      FloatVector.fromArray(S, x, j).mul(inverse).intoArray(x, j);
    }
  }
}

package ernie4j.engine.kernels.scalar;

import static ernie4j.engine.kernels.scalar.LaneSums.LANES;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention with one row for each key and one column for each query. So everything, softmax too, is
 * a loop over the columns, which C2 vectorizes by itself. Short sequences have few queries, so the
 * softmax computes the columns of several heads side by side. One instance belongs to one thread.
 */
final class ScalarAttention {
  /** Columns at a time. */
  private static final int COLUMNS = 256;

  /** Queries at a time. */
  private static final int QUERIES = 128;

  /** Scores and probabilities of some heads, a row for each key. */
  private float[][] scores = new float[0][];

  /** The part of the scores that belongs to one head. */
  private float[][] part = new float[0][];

  /** Transposed queries of one head. */
  private float[][] queries = new float[0][];

  /** Transposed results of one head. */
  private float[][] results = new float[0][];

  private final float[][] lanes = RowMatrix.enlarged(new float[0][], LANES, COLUMNS);
  private final float[] maximum = new float[COLUMNS];
  private final float[] powers = new float[COLUMNS];

  /** One divided by the sum of each column's exponentials, and the part of it of one head. */
  private final float[] inverse = new float[COLUMNS];

  private final float[] factors = new float[COLUMNS];

  /** Values of scratch that {@link #run} needs. */
  static int scratch(int tokens, int headSize) {
    return Math.multiplyExact(tokens, headSize);
  }

  void run(
      int tokens,
      int heads,
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
    scores = RowMatrix.enlarged(scores, tokens, COLUMNS);
    part = RowMatrix.enlarged(part, tokens, QUERIES);
    queries = RowMatrix.enlarged(queries, headSize, QUERIES);
    results = RowMatrix.enlarged(results, headSize, QUERIES);
    for (int i = 0; i < tokens; i += QUERIES) {
      int n = Math.min(QUERIES, tokens - i);
      int together = Math.max(1, COLUMNS / n);
      for (int first = 0; first < heads; first += together) {
        int some = Math.min(together, heads - first);
        int column = first * headSize;
        for (int h = 0, at = column; h < some; h++, at += headSize) {
          startScores(tokens, n, keyBias, keyBiasOffset);
          addScores(tokens, n, headSize, scale, qkv, q + i * ld + at, k + at, ld, scratch, h * n);
        }
        exponentials(tokens, some * n);
        for (int h = 0, at = column; h < some; h++, at += headSize) {
          int to = contextOffset + i * ldContext + at;
          results(tokens, n, headSize, qkv, v + at, ld, scratch, h * n, context, to, ldContext);
        }
      }
    }
  }

  // The work of one head is split into methods: for one method with all loops C2 takes a third of a
  // second, while the vector kernels wait in its queue.

  /** Scores of the {@code n} queries from {@code q}, in the columns from {@code column} on. */
  private void addScores(
      int tokens,
      int n,
      int headSize,
      float scale,
      float[] qkv,
      int q,
      int k,
      int ld,
      float[] scratch,
      int column) {
    copyTransposed(headSize, n, qkv, q, ld, queries);
    copyScaled(tokens, headSize, scale, qkv, k, ld, scratch);
    RowProduct.add(tokens, headSize, n, scratch, 0, headSize, queries, part, 0);
    copy(tokens, n, part, 0, scores, column);
  }

  /** Probabilities by values, to the context. */
  private void results(
      int tokens,
      int n,
      int headSize,
      float[] qkv,
      int v,
      int ld,
      float[] scratch,
      int column,
      float[] context,
      int to,
      int ldContext) {
    copy(tokens, n, scores, column, part, 0);
    Transpose.rows(tokens, headSize, qkv, v, ld, scratch, 0, tokens);
    for (int d = 0; d < headSize; d++) {
      Arrays.fill(results[d], 0, n, 0f);
    }
    RowProduct.add(headSize, tokens, n, scratch, 0, tokens, part, results, 0);
    System.arraycopy(inverse, column, factors, 0, n);
    for (int d = 0; d < headSize; d++) {
      ScalarLoops.multiply(n, results[d], factors);
    }
    copyBack(headSize, n, results, context, to, ldContext);
  }

  private static void copyTransposed(
      int columns, int rows, float[] x, int offset, int ld, float[][] y) {
    for (int d = 0; d < columns; d++) {
      float[] row = y[d];
      for (int j = 0, from = offset + d; j < rows; j++, from += ld) {
        row[j] = x[from];
      }
    }
  }

  private static void copyBack(int columns, int rows, float[][] y, float[] x, int offset, int ld) {
    for (int d = 0; d < columns; d++) {
      float[] row = y[d];
      for (int j = 0, to = offset + d; j < rows; j++, to += ld) {
        x[to] = row[j];
      }
    }
  }

  private static void copyScaled(
      int rows, int columns, float scale, float[] x, int offset, int ld, float[] y) {
    for (int i = 0; i < rows; i++) {
      int from = offset + i * ld;
      int to = i * columns;
      for (int d = 0; d < columns; d++) {
        y[to + d] = x[from + d] * scale;
      }
    }
  }

  private static void copy(int rows, int n, float[][] x, int from, float[][] y, int to) {
    for (int k = 0; k < rows; k++) {
      System.arraycopy(x[k], from, y[k], to, n);
    }
  }

  private void startScores(int tokens, int n, float @Nullable [] keyBias, int offset) {
    for (int k = 0; k < tokens; k++) {
      Arrays.fill(part[k], 0, n, keyBias == null ? 0f : keyBias[offset + k]);
    }
  }

  /**
   * All of softmax but the division, for every column; key k belongs to lane k mod 16, as if a row
   * were padded by -inf.
   */
  private void exponentials(int tokens, int n) {
    Arrays.fill(maximum, 0, n, Float.NEGATIVE_INFINITY);
    for (int k = 0; k < tokens; k++) {
      ScalarLoops.maximum(n, maximum, scores[k]);
    }
    for (float[] lane : lanes) {
      Arrays.fill(lane, 0, n, 0f);
    }
    for (int k = 0; k < tokens; k++) {
      ScalarLoops.subtract(n, scores[k], maximum);
      ScalarLoops.expOfNonPositive(n, scores[k], powers);
      ScalarLoops.add(n, lanes[k % LANES], scores[k]);
    }
    // The tree of LaneSums.
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        ScalarLoops.add(n, lanes[l], lanes[l + half]);
      }
    }
    invert(n, lanes[0], inverse);
  }

  private static void invert(int n, float[] x, float[] y) {
    for (int j = 0; j < n; j++) {
      y[j] = 1f / x[j];
    }
  }
}

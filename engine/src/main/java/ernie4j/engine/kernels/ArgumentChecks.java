package ernie4j.engine.kernels;

import org.jspecify.annotations.Nullable;

/** The checks of {@link Kernels} on its arguments, and their messages. */
final class ArgumentChecks {
  private ArgumentChecks() {}

  static void elementwise(
      String operation, int n, String name, float[] x, int xOffset, float[] y, int yOffset) {
    range(operation, name, n, x, xOffset);
    range(operation, "output", n, y, yOffset);
    if (x != y || xOffset != yOffset) {
      noOverlap(operation, name, x, xOffset, n, "output", y, yOffset, n);
    }
  }

  static void sameOrDisjoint(
      String operation,
      String name,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      int rows,
      int columns) {
    if (x == y && xOffset == yOffset && ldx == ldy) {
      return;
    }
    noOverlap(
        operation,
        name,
        x,
        xOffset,
        span(rows, columns, ldx),
        "y",
        y,
        yOffset,
        span(rows, columns, ldy));
  }

  static void bias(
      String operation,
      int m,
      int n,
      float[] bias,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int ldc) {
    if (epilogue == Epilogue.ADD) {
      throw error(operation, "no bias with the epilogue ADD", "one");
    }
    range(operation, "bias", n, bias, 0);
    noOverlap(operation, "bias", bias, 0, n, "c", c, cOffset, span(m, n, ldc));
  }

  /** A {@code [m, k]} and C {@code [m, n]} of a product. */
  static void operands(
      String operation,
      int m,
      int k,
      float[] a,
      int aOffset,
      int lda,
      int n,
      float[] c,
      int cOffset,
      int ldc) {
    matrix(operation, "a", m, k, a, aOffset, lda);
    matrix(operation, "c", m, n, c, cOffset, ldc);
    noOverlap(operation, "a", a, aOffset, span(m, k, lda), "c", c, cOffset, span(m, n, ldc));
  }

  static void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    matrix("transpose", "x", rows, columns, x, xOffset, ldx);
    matrix("transpose", "y", columns, rows, y, yOffset, ldy);
    int xSpan = span(rows, columns, ldx);
    noOverlap("transpose", "x", x, xOffset, xSpan, "y", y, yOffset, span(columns, rows, ldy));
  }

  static void layerNorm(
      int rows,
      int columns,
      float[] x,
      float @Nullable [] residual,
      int offset,
      int ldx,
      float[] gamma,
      float[] beta,
      float epsilon,
      float[] y,
      int yOffset,
      int ldy,
      float @Nullable [] statistics,
      int statisticsOffset) {
    String operation = "layerNorm";
    matrix(operation, "x", rows, columns, x, offset, ldx);
    sameOrDisjoint(operation, "x", x, offset, ldx, y, yOffset, ldy, rows, columns);
    if (residual != null) {
      matrix(operation, "residual", rows, columns, residual, offset, ldx);
      sameOrDisjoint(operation, "residual", residual, offset, ldx, y, yOffset, ldy, rows, columns);
    }
    range(operation, "gamma", columns, gamma, 0);
    range(operation, "beta", columns, beta, 0);
    matrix(operation, "y", rows, columns, y, yOffset, ldy);
    int ySpan = span(rows, columns, ldy);
    noOverlap(operation, "gamma", gamma, 0, columns, "y", y, yOffset, ySpan);
    noOverlap(operation, "beta", beta, 0, columns, "y", y, yOffset, ySpan);
    if (!(epsilon >= 0)) {
      throw error(operation, "epsilon from 0 on", String.valueOf(epsilon));
    }
    if (statistics != null) {
      range(operation, "statistics", 2 * rows, statistics, statisticsOffset);
      noOverlap(
          operation, "statistics", statistics, statisticsOffset, 2 * rows, "y", y, yOffset, ySpan);
      int xSpan = span(rows, columns, ldx);
      apartFromStatistics("x", x, offset, xSpan, statistics, statisticsOffset, rows);
      if (residual != null) {
        apartFromStatistics(
            "residual", residual, offset, xSpan, statistics, statisticsOffset, rows);
      }
      apartFromStatistics("gamma", gamma, 0, columns, statistics, statisticsOffset, rows);
      apartFromStatistics("beta", beta, 0, columns, statistics, statisticsOffset, rows);
    }
  }

  static void layerNormBackward(
      int rows,
      int columns,
      float[] x,
      float[] statistics,
      int statisticsOffset,
      float[] gamma,
      float[] dy,
      float[] dx,
      int offset,
      int ld) {
    String operation = "layerNormBackward";
    matrix(operation, "x", rows, columns, x, offset, ld);
    matrix(operation, "dy", rows, columns, dy, offset, ld);
    matrix(operation, "dx", rows, columns, dx, offset, ld);
    range(operation, "statistics", 2 * rows, statistics, statisticsOffset);
    range(operation, "gamma", columns, gamma, 0);
    int span = span(rows, columns, ld);
    noOverlap(operation, "x", x, offset, span, "dx", dx, offset, span);
    noOverlap(operation, "dy", dy, offset, span, "dx", dx, offset, span);
    noOverlap(operation, "gamma", gamma, 0, columns, "dx", dx, offset, span);
    noOverlap(
        operation, "statistics", statistics, statisticsOffset, 2 * rows, "dx", dx, offset, span);
  }

  /**
   * As {@link Kernels#attention}.
   *
   * @param needed values of scratch
   */
  static void attention(
      int needed,
      int tokens,
      int heads,
      int headSize,
      float[] qkv,
      int qOffset,
      int kOffset,
      int vOffset,
      int ld,
      float @Nullable [] keyBias,
      int keyBiasOffset,
      float[] context,
      int contextOffset,
      int ldContext,
      float[] scratch) {
    String operation = "attention";
    atLeastOne(operation, "heads", heads);
    atLeastOne(operation, "headSize", headSize);
    int width = Math.multiplyExact(heads, headSize);
    matrix(operation, "q", tokens, width, qkv, qOffset, ld);
    matrix(operation, "k", tokens, width, qkv, kOffset, ld);
    matrix(operation, "v", tokens, width, qkv, vOffset, ld);
    matrix(operation, "context", tokens, width, context, contextOffset, ldContext);
    range(operation, "scratch", needed, scratch, 0);
    int first = Math.min(qOffset, Math.min(kOffset, vOffset));
    int last = Math.max(qOffset, Math.max(kOffset, vOffset)) + span(tokens, width, ld);
    int contextSpan = span(tokens, width, ldContext);
    noOverlap(
        operation, "qkv", qkv, first, last - first, "context", context, contextOffset, contextSpan);
    noOverlap(operation, "qkv", qkv, first, last - first, "scratch", scratch, 0, needed);
    noOverlap(
        operation, "scratch", scratch, 0, needed, "context", context, contextOffset, contextSpan);
    if (keyBias != null) {
      range(operation, "keyBias", tokens, keyBias, keyBiasOffset);
      noOverlap(
          operation,
          "keyBias",
          keyBias,
          keyBiasOffset,
          tokens,
          "context",
          context,
          contextOffset,
          contextSpan);
      noOverlap(
          operation, "keyBias", keyBias, keyBiasOffset, tokens, "scratch", scratch, 0, needed);
    }
  }

  /** The inputs of layer norm must not overlap its statistics. */
  private static void apartFromStatistics(
      String name,
      float[] values,
      int offset,
      int span,
      float[] statistics,
      int statisticsOffset,
      int rows) {
    noOverlap(
        "layerNorm",
        name,
        values,
        offset,
        span,
        "statistics",
        statistics,
        statisticsOffset,
        2 * rows);
  }

  /** How many values a matrix spans from its first to its last element. */
  static int span(int rows, int columns, int ld) {
    return (rows - 1) * ld + columns;
  }

  static void matrix(
      String operation, String name, int rows, int columns, float[] values, int offset, int ld) {
    matrix(operation, name, rows, columns, values.length, offset, ld);
  }

  static void matrix(
      String operation, String name, int rows, int columns, int length, int offset, int ld) {
    atLeastOne(operation, "rows", rows);
    atLeastOne(operation, "columns", columns);
    if (ld < columns) {
      throw error(
          operation, name + " with a leading dimension of at least " + columns, String.valueOf(ld));
    }
    long end = offset + (rows - 1L) * ld + columns;
    if (offset < 0 || end > length) {
      throw error(
          operation,
          String.format("%s [%d, %d] within its array of %d values", name, rows, columns, length),
          String.format("values [%d, %d)", offset, end));
    }
  }

  static void range(String operation, String name, int n, float[] values, int offset) {
    atLeastOne(operation, "length", n);
    if (offset < 0 || n > values.length - offset) {
      throw error(
          operation,
          String.format("%s within its array of %d values", name, values.length),
          String.format("values [%d, %d)", offset, offset + (long) n));
    }
  }

  /** Checks {@code [first, first + count)}, a count of at least 1, against what a matrix has. */
  static void within(String operation, String name, int first, int count, int size) {
    if (first < 0 || count > size - first) {
      throw error(
          operation,
          String.format("%s within [0, %d)", name, size),
          String.format("[%d, %d)", first, first + (long) count));
    }
  }

  static void atLeastOne(String operation, String name, int value) {
    if (value < 1) {
      throw error(operation, name + " of at least 1", String.valueOf(value));
    }
  }

  static void noOverlap(
      String operation,
      String xName,
      float[] x,
      int xOffset,
      int xLength,
      String yName,
      float[] y,
      int yOffset,
      int yLength) {
    if (x == y && xOffset < yOffset + yLength && yOffset < xOffset + xLength) {
      throw error(
          operation,
          String.format("%s and %s that do not overlap", xName, yName),
          String.format(
              "[%d, %d) and [%d, %d) of one array",
              xOffset, xOffset + xLength, yOffset, yOffset + yLength));
    }
  }

  static IllegalArgumentException error(String operation, String expected, String got) {
    return new IllegalArgumentException(
        String.format("%s: expected %s, got %s", operation, expected, got));
  }
}

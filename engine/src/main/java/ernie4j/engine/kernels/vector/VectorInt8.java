package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.vector.VectorMath.INTS;
import static ernie4j.engine.kernels.vector.VectorMath.L;
import static ernie4j.engine.kernels.vector.VectorMath.S;

import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.scalar.ScalarInt8;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The vector twin of {@link ScalarInt8}. One instance belongs to one thread: it keeps the codes of
 * A, each in both halves of an int, as {@link Int8VectorTiles} multiply them.
 */
final class VectorInt8 {
  private static final int ROWS = 4;

  /** Columns of B that two vectors of 16-bit lanes cover, or a panel if that is more. */
  private static final int COLUMNS = Math.max(PanelInt8Matrix.WIDTH, 4 * L);

  private final int[] sums = new int[ROWS * COLUMNS];
  private int[] codes = new int[0];
  private float[] rowSteps = new float[0];

  /**
   * {@code C = A' B + bias}, or its GELU; see {@link Kernels#gemmInt8}.
   *
   * @param gelu applied to every part of C, or null
   */
  void multiply(
      int m,
      float[] a,
      int a0,
      int lda,
      float scale,
      PanelInt8Matrix b,
      float[] bias,
      float[] c,
      int c0,
      int ldc,
      KernelTable.@Nullable Elementwise gelu) {
    int n = b.evenRows();
    if (codes.length < m * n || rowSteps.length < m) {
      codes = new int[Math.multiplyExact(m, n)];
      rowSteps = new float[m];
    }
    for (int i = 0; i < m; i++) {
      rowSteps[i] = quantize(b.rows(), a, a0 + i * lda, scale, codes, i * n);
      if (n > b.rows()) {
        codes[i * n + n - 1] = 0;
      }
    }
    int tiles = (m + ROWS - 1) / ROWS;
    for (int column = 0; column < b.columns(); column += COLUMNS) {
      int count = Math.min(COLUMNS, b.columns() - column);
      for (int t = 0, i = 0; t < tiles; t++) {
        int rows = (m - i) / (tiles - t);
        Arrays.fill(sums, 0, rows * COLUMNS, 0);
        sum(rows, i * n, n, b, column / PanelInt8Matrix.WIDTH);
        for (int r = 0; r < rows; r++) {
          dequantize(
              r * COLUMNS, rowSteps[i + r], b, bias, column, count, c, c0 + (i + r) * ldc + column);
        }
        i += rows;
      }
      if (gelu != null) {
        for (int i = 0, at = c0 + column; i < m; i++, at += ldc) {
          gelu.run(count, c, at, c, at);
        }
      }
    }
  }

  private void sum(int rows, int a0, int n, PanelInt8Matrix b, int panel) {
    int first = b.panelOffset(panel);
    for (int k = 0; k < n; k += Int8VectorTiles.MOST_TERMS) {
      int terms = Math.min(Int8VectorTiles.MOST_TERMS, n - k);
      int at = first + k * PanelInt8Matrix.WIDTH;
      if (2 * L == PanelInt8Matrix.WIDTH) {
        // A vector is a panel; the last one may have no neighbor and is then computed twice.
        int next = panel + 1 < b.panels() ? at + b.panelOffset(1) : at;
        Int8VectorTiles.tile(
            rows,
            terms,
            codes,
            a0 + k,
            n,
            b.codes(),
            at,
            next,
            sums,
            0,
            PanelInt8Matrix.WIDTH,
            COLUMNS);
      } else {
        for (int v = 0; v < PanelInt8Matrix.WIDTH; v += 4 * L) {
          Int8VectorTiles.tile(
              rows,
              terms,
              codes,
              a0 + k,
              n,
              b.codes(),
              at + v,
              at + v + 2 * L,
              sums,
              v / 2,
              v / 2 + L,
              COLUMNS);
        }
      }
    }
  }

  /** As {@link ScalarInt8#quantize}. */
  static float quantize(int n, float[] x, int from, float scale, int[] codes, int to) {
    float used = scale > 0 ? scale : absoluteMaximum(n, x, from);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector steps = FloatVector.fromArray(S, x, from + i).mul(127f).div(used);
      FloatVector clamped = VectorMath.atMost(VectorMath.atLeast(steps, -128f), 127f);
      // The low bits of the sum are the whole number in two's complement.
      IntVector bits = VectorMath.ints(clamped.add(ScalarInt8.ROUND));
      IntVector code = bits.blend(0, steps.compare(VectorOperators.NE, steps).cast(INTS));
      code.and(0xffff).or(code.lanewise(VectorOperators.LSHL, 16)).intoArray(codes, to + i);
    }
    for (; i < n; i++) {
      int code = (int) ScalarInt8.code(x[from + i], used);
      codes[to + i] = (code & 0xffff) | code << 16;
    }
    return used / 127 + zeroIfFinite(n, x, from);
  }

  /** As {@link ScalarInt8#zeroIfFinite}. */
  private static float zeroIfFinite(int n, float[] x, int from) {
    FloatVector zero = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - L; i += L) {
      zero = FloatVector.fromArray(S, x, from + i).mul(0f).add(zero);
    }
    float rest = ScalarInt8.zeroIfFinite(n - i, x, from + i);
    return zero.compare(VectorOperators.NE, zero).anyTrue() ? Float.NaN : rest;
  }

  private static float absoluteMaximum(int n, float[] x, int from) {
    FloatVector max = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector magnitude = FloatVector.fromArray(S, x, from + i).abs();
      max = max.blend(magnitude, magnitude.compare(VectorOperators.GT, max));
    }
    float rest = ScalarInt8.absoluteMaximum(n - i, x, from + i);
    return Math.max(rest, max.reduceLanes(VectorOperators.MAX));
  }

  /** {@code total * (row step * column step) + bias}, as {@link ScalarInt8#dequantized}. */
  private void dequantize(
      int from,
      float rowStep,
      PanelInt8Matrix b,
      float[] bias,
      int column,
      int count,
      float[] c,
      int to) {
    float[] steps = b.steps();
    int j = 0;
    for (; j <= count - L; j += L) {
      FloatVector total =
          (FloatVector)
              IntVector.fromArray(INTS, sums, from + j).convertShape(VectorOperators.I2F, S, 0);
      FloatVector step = FloatVector.fromArray(S, steps, column + j).mul(rowStep);
      total.fma(step, FloatVector.fromArray(S, bias, column + j)).intoArray(c, to + j);
    }
    for (; j < count; j++) {
      c[to + j] =
          ScalarInt8.dequantized(sums[from + j], rowStep, steps[column + j], bias[column + j]);
    }
  }
}

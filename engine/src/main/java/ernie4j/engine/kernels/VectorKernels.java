package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on jdk.incubator.vector with the widest vectors of the machine. Each has its twin of
 * the same name in {@link ScalarKernels}. Loops run over whole vectors and finish the tail in plain
 * Java: masked stores are slow on JDK 17 and on NEON.
 */
final class VectorKernels implements Kernels {
  private static final VectorSpecies<Integer> INTS = S.withLanes(int.class);
  private static final int ROWS = 8;
  private static final int PANEL = 2 * L;

  private final float[] zeros = new float[PANEL];

  /** Room for one tile of C where the last panel is wider than what is left of C. */
  private final ThreadLocal<float[]> edgeTile =
      ThreadLocal.withInitial(() -> new float[ROWS * PANEL]);

  @Override
  public String name() {
    return "vector (%d bit)".formatted(S.vectorBitSize());
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return new PanelMatrix(rows, columns, PANEL);
  }

  @Override
  public void pack(
      float[] b,
      int bOffset,
      int ldb,
      boolean transposed,
      PackedMatrix packed,
      int column,
      int count) {
    if (transposed) {
      own(packed).packTransposed(b, bOffset, ldb, column, count);
    } else {
      own(packed).pack(packed.rows(), count, b, bOffset, ldb, 0, column);
    }
  }

  @Override
  public void packBlock(
      int rows,
      int columns,
      float[] b,
      int bOffset,
      int ldb,
      PackedMatrix packed,
      int row,
      int column) {
    own(packed).pack(rows, columns, b, bOffset, ldb, row, column);
  }

  private static PanelMatrix own(PackedMatrix packed) {
    if (packed instanceof PanelMatrix panels) {
      return panels;
    }
    throw new IllegalArgumentException(
        "vector kernels: expected a matrix packed by the vector kernels, got one of other kernels");
  }

  @Override
  public void gemm(
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float @Nullable [] bias,
      float[] c,
      int cOffset,
      int ldc) {
    PanelMatrix panels = own(b);
    for (int p = 0; p < panels.panels(); p++) {
      int column = p * PANEL;
      if (bias == null) {
        panel(m, a, aOffset, lda, panels, p, zeros, 0, 0, c, cOffset + column, ldc);
      } else {
        panel(m, a, aOffset, lda, panels, p, bias, column, 0, c, cOffset + column, ldc);
      }
    }
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    PanelMatrix panels = own(b);
    for (int p = 0; p < panels.panels(); p++) {
      int to = cOffset + p * PANEL;
      panel(m, a, aOffset, lda, panels, p, c, to, ldc, c, to, ldc);
    }
  }

  /** One panel of C: all rows by the columns of a panel of B, starting from {@code init}. */
  private void panel(
      int m,
      float[] a,
      int a0,
      int lda,
      PanelMatrix b,
      int p,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    int width = b.panelWidth(p);
    int columns = Math.min(width, b.columns() - p * PANEL);
    int n = b.rows();
    int b0 = b.panelOffset(p);
    float[] edge = columns < width ? edgeTile.get() : zeros;
    for (int i = 0; i < m; i += ROWS) {
      int rows = Math.min(ROWS, m - i);
      int ai = a0 + i * lda;
      int ii = i0 + i * ldi;
      int ci = c0 + i * ldc;
      if (columns == width) {
        tile(width, rows, n, a, ai, lda, b.values, b0, init, ii, ldi, c, ci, ldc);
      } else {
        for (int r = 0; r < rows; r++) {
          System.arraycopy(init, ii + r * ldi, edge, r * width, columns);
        }
        tile(width, rows, n, a, ai, lda, b.values, b0, edge, 0, width, edge, 0, width);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(edge, r * width, c, ci + r * ldc, columns);
        }
      }
    }
  }

  private static void tile(
      int width,
      int rows,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    if (width == PANEL) {
      TwoVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    } else {
      OneVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    }
  }

  @Override
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    Transpose.blocked(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  @Override
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    for (int i = 0; i < rows; i++) {
      softmaxRow(columns, x, xOffset + i * ldx);
    }
  }

  private static void softmaxRow(int n, float[] x, int offset) {
    int whole = n - n % L;
    FloatVector top = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    for (int j = 0; j < whole; j += L) {
      top = top.max(FloatVector.fromArray(S, x, offset + j));
    }
    float max = top.reduceLanes(VectorOperators.MAX);
    for (int j = whole; j < n; j++) {
      max = Math.max(max, x[offset + j]);
    }
    FloatVector sums = FloatVector.zero(S);
    for (int j = 0; j < whole; j += L) {
      FloatVector e = VectorMath.expOfNonPositive(FloatVector.fromArray(S, x, offset + j).sub(max));
      e.intoArray(x, offset + j);
      sums = sums.add(e);
    }
    float sum = VectorMath.sum(sums);
    for (int j = whole; j < n; j++) {
      float e = ScalarMath.expOfNonPositive(x[offset + j] - max);
      x[offset + j] = e;
      sum += e;
    }
    float inverse = 1f / sum;
    for (int j = 0; j < whole; j += L) {
      FloatVector.fromArray(S, x, offset + j).mul(inverse).intoArray(x, offset + j);
    }
    for (int j = whole; j < n; j++) {
      x[offset + j] *= inverse;
    }
  }

  @Override
  public void layerNorm(
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
      float @Nullable [] statistics) {
    for (int i = 0; i < rows; i++) {
      VectorLayerNorm.row(
          columns,
          x,
          residual,
          offset + i * ldx,
          gamma,
          beta,
          epsilon,
          y,
          yOffset + i * ldy,
          statistics,
          i);
    }
  }

  @Override
  public void layerNormBackward(
      int rows,
      int columns,
      float[] x,
      float[] statistics,
      float[] gamma,
      float[] dy,
      float[] dx,
      int offset,
      int ld) {
    for (int i = 0; i < rows; i++) {
      VectorLayerNorm.rowBackward(
          columns, x, statistics[2 * i], statistics[2 * i + 1], gamma, dy, dx, offset + i * ld);
    }
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    int whole = n - n % L;
    for (int i = 0; i < whole; i += L) {
      VectorMath.gelu(FloatVector.fromArray(S, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < n; i++) {
      y[yOffset + i] = ScalarMath.gelu(x[xOffset + i]);
    }
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    int whole = n - n % L;
    float[] block = edgeTile.get();
    // Two small loops instead of one: C2 gives up inlining (and then boxes every vector) in a
    // method
    // that holds erf and exp together.
    for (int i = 0; i < whole; i += block.length) {
      int count = Math.min(block.length, whole - i);
      normalCumulative(count, x, xOffset + i, block);
      timesGeluDerivative(count, x, xOffset + i, block, dy, dyOffset + i, dx, dxOffset + i);
    }
    for (int i = whole; i < n; i++) {
      dx[dxOffset + i] = dy[dyOffset + i] * ScalarMath.geluDerivative(x[xOffset + i]);
    }
  }

  private static void normalCumulative(int n, float[] x, int xOffset, float[] block) {
    for (int i = 0; i < n; i += L) {
      VectorMath.normalCumulative(FloatVector.fromArray(S, x, xOffset + i)).intoArray(block, i);
    }
  }

  private static void timesGeluDerivative(
      int n,
      float[] x,
      int xOffset,
      float[] cumulative,
      float[] dy,
      int dyOffset,
      float[] dx,
      int dxOffset) {
    for (int i = 0; i < n; i += L) {
      VectorMath.geluDerivative(
              FloatVector.fromArray(S, x, xOffset + i), FloatVector.fromArray(S, cumulative, i))
          .mul(FloatVector.fromArray(S, dy, dyOffset + i))
          .intoArray(dx, dxOffset + i);
    }
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    int whole = n - n % L;
    for (int i = 0; i < whole; i += L) {
      VectorMath.tanh(FloatVector.fromArray(S, x, xOffset + i)).intoArray(y, yOffset + i);
    }
    for (int i = whole; i < n; i++) {
      y[yOffset + i] = ScalarMath.tanh(x[xOffset + i]);
    }
  }

  @Override
  public int attentionScratch(int tokens, int headSize) {
    return VectorAttention.scratch(tokens, headSize);
  }

  @Override
  public void attention(
      int tokens,
      int heads,
      int headSize,
      float scale,
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
    for (int h = 0, column = 0; h < heads; h++, column += headSize) {
      VectorAttention.head(
          tokens,
          headSize,
          scale,
          qkv,
          qOffset + column,
          kOffset + column,
          vOffset + column,
          ld,
          keyBias,
          keyBiasOffset,
          context,
          contextOffset + column,
          ldContext,
          scratch);
    }
  }

  @Override
  public void dropout(
      int n,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float probability,
      long key,
      int index) {
    int threshold = Dropout.threshold(probability);
    float scale = Dropout.scale(probability);
    int low = Dropout.low(key);
    int high = Dropout.high(key);
    int whole = n - n % L;
    for (int i = 0; i < whole; i += L) {
      VectorMask<Integer> dropped =
          randomBits(index + i, low, high).compare(VectorOperators.LT, threshold);
      FloatVector scaled = FloatVector.fromArray(S, x, xOffset + i).mul(scale);
      scaled.reinterpretAsInts().blend(0, dropped).reinterpretAsFloats().intoArray(y, yOffset + i);
    }
    for (int i = whole; i < n; i++) {
      boolean survives = Dropout.bits(index + i, low, high) >= threshold;
      y[yOffset + i] = survives ? x[xOffset + i] * scale : 0f;
    }
  }

  private static IntVector randomBits(int index, int low, int high) {
    IntVector h = IntVector.broadcast(INTS, index).addIndex(1).mul(Dropout.STEP).add(low);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(Dropout.MIX_1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
    h = h.lanewise(VectorOperators.XOR, high).mul(Dropout.MIX_2);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
    return h.lanewise(VectorOperators.LSHR, 1);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    int whole = columns - columns % L;
    for (int j = 0; j < whole; j += L) {
      FloatVector sum = FloatVector.fromArray(S, y, yOffset + j);
      for (int i = 0; i < rows; i++) {
        sum = sum.add(FloatVector.fromArray(S, x, xOffset + i * ldx + j));
      }
      sum.intoArray(y, yOffset + j);
    }
    for (int j = whole; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        y[yOffset + j] += x[xOffset + i * ldx + j];
      }
    }
  }
}

package ernie4j.engine.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The kernels in plain Java: the reference for {@link VectorKernels}, which give the same bits, and
 * a fast fallback. They also compute with the panels of the vector kernels, for the time until
 * those are compiled.
 */
final class ScalarKernels implements Kernels {
  private static final PanelGemm.PanelProduct TILES = PlainTiles::panel;

  /** What the calling thread computes in. */
  private final PerThread<Work> work = new PerThread<>(Work::new);

  private static final class Work {
    final RowProduct product = new RowProduct();
    final ScalarAttention attention = new ScalarAttention();
    final float[] edge = new float[PanelGemm.EDGE];
    final ScalarLoops loops = new ScalarLoops();
    final ScalarSoftmax softmax = new ScalarSoftmax();
    final ScalarLayerNorm layerNorm = new ScalarLayerNorm();
    final ScalarInt8 int8 = new ScalarInt8();
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return new RowMatrix(rows, columns);
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
    Packing.pack(b, bOffset, ldb, transposed, packed, column, count);
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
    Packing.packBlock(rows, columns, b, bOffset, ldb, packed, row, column);
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
    for (int i = 0; i < m; i++) {
      int row = cOffset + i * ldc;
      if (bias == null) {
        Arrays.fill(c, row, row + b.columns(), 0f);
      } else {
        System.arraycopy(bias, 0, c, row, b.columns());
      }
    }
    gemmAdd(m, a, aOffset, lda, b, c, cOffset, ldc);
  }

  @Override
  public void gemmGelu(
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc) {
    gemm(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
    for (int i = 0; i < m; i++) {
      gelu(b.columns(), c, cOffset + i * ldc, c, cOffset + i * ldc);
    }
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    Work mine = work.get();
    if (b instanceof RowMatrix rows) {
      mine.product.add(m, a, aOffset, lda, rows, c, cOffset, ldc);
    } else if (b instanceof PanelMatrix panels) {
      PanelGemm.multiply(
          TILES, m, a, aOffset, lda, panels, c, cOffset, ldc, c, cOffset, ldc, mine.edge);
    }
  }

  @Override
  public void gemmInt8(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc) {
    work.get().int8.multiply(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
  }

  @Override
  public void gemmInt8Gelu(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc) {
    gemmInt8(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
    for (int i = 0; i < m; i++) {
      gelu(b.columns(), c, cOffset + i * ldc, c, cOffset + i * ldc);
    }
  }

  @Override
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    Transpose.rows(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  @Override
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    ScalarSoftmax softmax = work.get().softmax;
    for (int i = 0; i < rows; i++) {
      softmax.row(columns, x, xOffset + i * ldx);
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
      float @Nullable [] statistics,
      int statisticsOffset) {
    ScalarLayerNorm layerNorm = work.get().layerNorm;
    for (int i = 0; i < rows; i++) {
      layerNorm.row(
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
          statisticsOffset + 2 * i);
    }
  }

  @Override
  public void layerNormBackward(
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
    ScalarLayerNorm layerNorm = work.get().layerNorm;
    for (int i = 0; i < rows; i++) {
      layerNorm.rowBackward(
          columns,
          x,
          statistics[statisticsOffset + 2 * i],
          statistics[statisticsOffset + 2 * i + 1],
          gamma,
          dy,
          dx,
          offset + i * ld);
    }
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    work.get().loops.gelu(n, x, xOffset, y, yOffset);
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    work.get().loops.geluBackward(n, x, xOffset, dy, dyOffset, dx, dxOffset);
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = ScalarMath.tanh(x[xOffset + i]);
    }
  }

  @Override
  public int attentionScratch(int tokens, int headSize) {
    return ScalarAttention.scratch(tokens, headSize);
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
    work.get()
        .attention
        .run(
            tokens,
            heads,
            headSize,
            scale,
            qkv,
            qOffset,
            kOffset,
            vOffset,
            ld,
            keyBias,
            keyBiasOffset,
            context,
            contextOffset,
            ldContext,
            scratch);
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
    for (int i = 0; i < n; i++) {
      boolean survives = Dropout.bits(index + i, low, high) >= threshold;
      y[yOffset + i] = survives ? x[xOffset + i] * scale : 0f;
    }
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    for (int i = 0; i < rows; i++) {
      int row = xOffset + i * ldx;
      for (int j = 0; j < columns; j++) {
        y[yOffset + j] += x[row + j];
      }
    }
  }
}

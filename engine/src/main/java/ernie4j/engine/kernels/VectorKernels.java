package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.VectorMath.INTS;
import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The kernels on jdk.incubator.vector with the widest vectors of the machine. Each has its twin of
 * the same name in {@link ScalarKernels}. Loops run over whole vectors and finish the tail in plain
 * Java: masked stores are slow on JDK 17 and on NEON.
 */
final class VectorKernels implements Kernels {
  private static final VectorInt8.Epilogue NOTHING = (rows, columns, c, offset, ldc) -> {};

  private final PanelGemm.PanelProduct tiles;

  private final ThreadLocal<float[]> scratch =
      ThreadLocal.withInitial(() -> new float[PanelGemm.EDGE]);

  private final VectorInt8.Epilogue gelu = this::geluRows;

  private final PerThread<VectorInt8> int8 = new PerThread<>(VectorInt8::new);

  /** Computes with the codes that have no room in the vector kernel. */
  private final Kernels plain = new ScalarKernels();

  /** What products without bias start from; replaced by a longer one when needed. */
  private volatile float[] zeros = new float[64];

  /** All on vectors. */
  VectorKernels() {
    this(Tiles::panel);
  }

  /**
   * Products and attention on tiles of one's own.
   *
   * @param tiles what {@link Tiles#panel} does
   */
  VectorKernels(PanelGemm.PanelProduct tiles) {
    this.tiles = tiles;
  }

  @Override
  public String name() {
    return "vector (" + VectorPanels.BITS + " bit)";
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return new PanelMatrix(rows, columns, VectorPanels.WIDTH, VectorPanels.LANES);
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
    PanelMatrix panels = (PanelMatrix) b;
    float[] init = bias == null ? zeros(panels.columns()) : bias;
    PanelGemm.multiply(
        tiles, m, a, aOffset, lda, panels, init, 0, 0, c, cOffset, ldc, scratch.get());
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
    PanelMatrix panels = (PanelMatrix) b;
    float[] edge = scratch.get();
    for (int p = 0; p < panels.panels(); p++) {
      PanelGemm.panel(tiles, p, m, a, aOffset, lda, panels, bias, 0, 0, c, cOffset, ldc, edge);
      // While this part of C is still in the first-level cache.
      int column = p * panels.width();
      int columns = Math.min(panels.width(), panels.columns() - column);
      geluRows(m, columns, c, cOffset + column, ldc);
    }
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    PanelGemm.multiply(
        tiles,
        m,
        a,
        aOffset,
        lda,
        (PanelMatrix) b,
        c,
        cOffset,
        ldc,
        c,
        cOffset,
        ldc,
        scratch.get());
  }

  private float[] zeros(int n) {
    float[] enough = zeros;
    if (enough.length < n) {
      enough = new float[n];
      zeros = enough;
    }
    return enough;
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
    if (b.hasLeastCode()) {
      plain.gemmInt8(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
    } else {
      int8.get().multiply(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc, NOTHING);
    }
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
    if (b.hasLeastCode()) {
      plain.gemmInt8Gelu(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
    } else {
      int8.get().multiply(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc, gelu);
    }
  }

  private void geluRows(int rows, int columns, float[] c, int offset, int ldc) {
    for (int i = 0, at = offset; i < rows; i++, at += ldc) {
      gelu(columns, c, at, c, at);
    }
  }

  @Override
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    Transpose.rows(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  @Override
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    VectorSoftmax.rows(rows, columns, x, xOffset, ldx, scratch.get());
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
    float[] lanes = scratch.get();
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
          statisticsOffset + 2 * i,
          lanes);
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
    float[] lanes = scratch.get();
    for (int i = 0; i < rows; i++) {
      VectorLayerNorm.rowBackward(
          columns,
          x,
          statistics[statisticsOffset + 2 * i],
          statistics[statisticsOffset + 2 * i + 1],
          gamma,
          dy,
          dx,
          offset + i * ld,
          lanes);
    }
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    int whole = n - n % L;
    VectorMath.gelu(whole, x, xOffset, y, yOffset);
    for (int i = whole; i < n; i++) {
      y[yOffset + i] = ScalarMath.gelu(x[xOffset + i]);
    }
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    int whole = n - n % L;
    float[] block = scratch.get();
    for (int i = 0; i < whole; i += block.length) {
      int count = Math.min(block.length, whole - i);
      VectorMath.normalDensity(count, x, xOffset + i, block);
      VectorMath.geluBackward(count, x, xOffset + i, block, dy, dyOffset + i, dx, dxOffset + i);
    }
    for (int i = whole; i < n; i++) {
      dx[dxOffset + i] = dy[dyOffset + i] * ScalarMath.geluDerivative(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    int whole = n - n % L;
    VectorMath.tanh(whole, x, xOffset, y, yOffset);
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
      float[] work) {
    float[] sums = scratch.get();
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
          work,
          sums,
          tiles);
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
      VectorMath.floats(VectorMath.ints(scaled).blend(0, dropped)).intoArray(y, yOffset + i);
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

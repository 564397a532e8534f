package ernie4j.engine.kernels;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the vector kernels until they are compiled: the plain kernels at first, then more
 * and more of the vector kernels. Both give the same bits, so nobody sees when a part is handed
 * over. {@link VectorWarmUp} decides that.
 */
final class WarmingKernels implements Kernels {
  /** What is handed over by itself, besides the {@link TileSwitch tiles} of products. */
  enum Part {
    INT8,
    GELU,
    SOFTMAX,
    ATTENTION,
    LAYER_NORM,
    TANH,
    GELU_BACKWARD,
    LAYER_NORM_BACKWARD,
    DROPOUT,
    COLUMN_SUMS
  }

  private static final class State {
    volatile boolean ready;
    final AtomicLong waiting = new AtomicLong();
  }

  private final Kernels plain;
  private final Kernels vector;
  private final Map<Part, State> states = new EnumMap<>(Part.class);

  /**
   * Kernels that compute on the plain side.
   *
   * @param vector must compute its products on a {@link TileSwitch}
   */
  WarmingKernels(Kernels plain, Kernels vector) {
    this.plain = plain;
    this.vector = vector;
    for (Part part : Part.values()) {
      states.put(part, new State());
    }
  }

  private State state(Part part) {
    return Objects.requireNonNull(states.get(part));
  }

  /** From now on this part is computed on vectors. */
  void handOver(Part part) {
    state(part).ready = true;
  }

  /** The work that the plain kernels did for this part, roughly in multiply-adds. */
  long waiting(Part part) {
    return state(part).waiting.get();
  }

  private Kernels by(Part part, long work) {
    State state = state(part);
    if (state.ready) {
      return vector;
    }
    state.waiting.addAndGet(work);
    return plain;
  }

  @Override
  public String name() {
    return vector.name();
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return vector.newPackedMatrix(rows, columns);
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
    vector.gemm(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
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
    int columns = b.columns();
    if (by(Part.GELU, 10L * m * columns) == vector) {
      vector.gemmGelu(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
      return;
    }
    vector.gemm(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
    for (int i = 0, row = cOffset; i < m; i++, row += ldc) {
      plain.gelu(columns, c, row, c, row);
    }
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    vector.gemmAdd(m, a, aOffset, lda, b, c, cOffset, ldc);
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
    by(Part.INT8, (long) m * b.rows() * b.columns())
        .gemmInt8(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
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
    by(Part.SOFTMAX, 10L * rows * columns).softmax(rows, columns, x, xOffset, ldx);
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
    by(Part.LAYER_NORM, 4L * rows * columns)
        .layerNorm(
            rows,
            columns,
            x,
            residual,
            offset,
            ldx,
            gamma,
            beta,
            epsilon,
            y,
            yOffset,
            ldy,
            statistics,
            statisticsOffset);
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
    by(Part.LAYER_NORM_BACKWARD, 4L * rows * columns)
        .layerNormBackward(
            rows, columns, x, statistics, statisticsOffset, gamma, dy, dx, offset, ld);
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    by(Part.GELU, 10L * n).gelu(n, x, xOffset, y, yOffset);
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    by(Part.GELU_BACKWARD, 20L * n).geluBackward(n, x, xOffset, dy, dyOffset, dx, dxOffset);
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    by(Part.TANH, 10L * n).tanh(n, x, xOffset, y, yOffset);
  }

  @Override
  public int attentionScratch(int tokens, int headSize) {
    return Math.max(
        plain.attentionScratch(tokens, headSize), vector.attentionScratch(tokens, headSize));
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
    by(Part.ATTENTION, 2L * tokens * (tokens + 8) * heads * headSize)
        .attention(
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
    by(Part.DROPOUT, n).dropout(n, x, xOffset, y, yOffset, probability, key, index);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    by(Part.COLUMN_SUMS, (long) rows * columns)
        .columnSums(rows, columns, x, xOffset, ldx, y, yOffset);
  }
}

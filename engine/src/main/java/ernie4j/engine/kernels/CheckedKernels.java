package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.bias;
import static ernie4j.engine.kernels.ArgumentChecks.elementwise;
import static ernie4j.engine.kernels.ArgumentChecks.error;
import static ernie4j.engine.kernels.ArgumentChecks.int8Product;
import static ernie4j.engine.kernels.ArgumentChecks.matrix;
import static ernie4j.engine.kernels.ArgumentChecks.noOverlap;
import static ernie4j.engine.kernels.ArgumentChecks.operands;
import static ernie4j.engine.kernels.ArgumentChecks.range;
import static ernie4j.engine.kernels.ArgumentChecks.span;
import static ernie4j.engine.kernels.ArgumentChecks.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Checks every argument, then lets the provider compute: the one place that knows the contract. */
final class CheckedKernels implements Kernels {
  private final Kernels owner;
  private final Class<? extends PackedMatrix> form;
  private final HandOver progress;
  private volatile Kernels provider;

  /** Kernels that are ready to compute. */
  CheckedKernels(Kernels provider) {
    this(provider, provider);
  }

  /** Kernels that another provider stands in for, as a whole. */
  CheckedKernels(Kernels owner, Kernels standIn) {
    this(owner, standIn, new HandOver());
  }

  /**
   * Kernels that another provider stands in for.
   *
   * @param owner decides on the name and the form of packed matrices
   * @param standIn computes until {@link #handOver}; it must give the same bits and know that form
   * @param progress what the stand-in has handed over to the owner before that
   */
  CheckedKernels(Kernels owner, Kernels standIn, HandOver progress) {
    this.owner = owner;
    this.form = owner.newPackedMatrix(1, 1).getClass();
    this.provider = standIn;
    this.progress = progress;
  }

  /** From now on the owner computes itself. */
  void handOver() {
    provider = owner;
  }

  @Override
  public boolean awaitHandOver(Duration limit) {
    if (provider == owner) {
      return true;
    }
    try {
      return progress.await(TimeUnit.NANOSECONDS.convert(limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public String name() {
    return owner.name();
  }

  @Override
  public String toString() {
    return owner.name();
  }

  @Override
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    atLeastOne("newPackedMatrix", "rows", rows);
    atLeastOne("newPackedMatrix", "columns", columns);
    // The last panel is padded to whole vectors of at most 16 floats.
    if ((long) rows * (columns + 15L) > Integer.MAX_VALUE - 8) {
      throw error(
          "newPackedMatrix",
          "a matrix of less than 2^31 values",
          "[%d, %d]".formatted(rows, columns));
    }
    return owner.newPackedMatrix(rows, columns);
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
    own("pack", packed);
    atLeastOne("pack", "count", count);
    within("pack", "columns", column, count, packed.columns());
    int rows = transposed ? count : packed.rows();
    int columns = transposed ? packed.rows() : count;
    matrix("pack", "b", rows, columns, b, bOffset, ldb);
    provider.pack(b, bOffset, ldb, transposed, packed, column, count);
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
    own("packBlock", packed);
    matrix("packBlock", "b", rows, columns, b, bOffset, ldb);
    within("packBlock", "rows", row, rows, packed.rows());
    within("packBlock", "columns", column, columns, packed.columns());
    provider.packBlock(rows, columns, b, bOffset, ldb, packed, row, column);
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
    product("gemm", m, a, aOffset, lda, b, c, cOffset, ldc);
    if (bias != null) {
      bias("gemm", m, b.columns(), bias, c, cOffset, ldc);
    }
    provider.gemm(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
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
    product("gemmGelu", m, a, aOffset, lda, b, c, cOffset, ldc);
    bias("gemmGelu", m, b.columns(), bias, c, cOffset, ldc);
    provider.gemmGelu(m, a, aOffset, lda, b, bias, c, cOffset, ldc);
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    product("gemmAdd", m, a, aOffset, lda, b, c, cOffset, ldc);
    provider.gemmAdd(m, a, aOffset, lda, b, c, cOffset, ldc);
  }

  private void own(String operation, PackedMatrix packed) {
    if (packed.getClass() != form) {
      throw error(operation, "a matrix packed by the " + name() + " kernels", "one of others");
    }
  }

  private void product(
      String operation,
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float[] c,
      int cOffset,
      int ldc) {
    own(operation, b);
    operands(operation, m, b.rows(), a, aOffset, lda, b.columns(), c, cOffset, ldc);
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
    int8Product("gemmInt8", m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
    provider.gemmInt8(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
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
    int8Product("gemmInt8Gelu", m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
    provider.gemmInt8Gelu(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
  }

  @Override
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    matrix("transpose", "x", rows, columns, x, xOffset, ldx);
    matrix("transpose", "y", columns, rows, y, yOffset, ldy);
    noOverlap(
        "transpose",
        "x",
        x,
        xOffset,
        span(rows, columns, ldx),
        "y",
        y,
        yOffset,
        span(columns, rows, ldy));
    provider.transpose(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  @Override
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    matrix("softmax", "x", rows, columns, x, xOffset, ldx);
    provider.softmax(rows, columns, x, xOffset, ldx);
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
    ArgumentChecks.layerNorm(
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
    provider.layerNorm(
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
    provider.layerNormBackward(
        rows, columns, x, statistics, statisticsOffset, gamma, dy, dx, offset, ld);
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("gelu", n, "x", x, xOffset, y, yOffset);
    provider.gelu(n, x, xOffset, y, yOffset);
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    elementwise("geluBackward", n, "dy", dy, dyOffset, dx, dxOffset);
    range("geluBackward", "x", n, x, xOffset);
    noOverlap("geluBackward", "x", x, xOffset, n, "dx", dx, dxOffset, n);
    provider.geluBackward(n, x, xOffset, dy, dyOffset, dx, dxOffset);
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("tanh", n, "x", x, xOffset, y, yOffset);
    provider.tanh(n, x, xOffset, y, yOffset);
  }

  @Override
  public int attentionScratch(int tokens, int headSize) {
    atLeastOne("attentionScratch", "tokens", tokens);
    atLeastOne("attentionScratch", "headSize", headSize);
    // The one who computes now may be replaced before the scratch is used.
    return Math.max(
        owner.attentionScratch(tokens, headSize), provider.attentionScratch(tokens, headSize));
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
    String operation = "attention";
    atLeastOne(operation, "heads", heads);
    atLeastOne(operation, "headSize", headSize);
    int width = Math.multiplyExact(heads, headSize);
    matrix(operation, "q", tokens, width, qkv, qOffset, ld);
    matrix(operation, "k", tokens, width, qkv, kOffset, ld);
    matrix(operation, "v", tokens, width, qkv, vOffset, ld);
    matrix(operation, "context", tokens, width, context, contextOffset, ldContext);
    int needed = provider.attentionScratch(tokens, headSize);
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
    provider.attention(
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
    elementwise("dropout", n, "x", x, xOffset, y, yOffset);
    if (!(probability >= 0 && probability < 1)) {
      throw error("dropout", "a probability in [0, 1)", String.valueOf(probability));
    }
    provider.dropout(n, x, xOffset, y, yOffset, probability, key, index);
  }

  @Override
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    matrix("columnSums", "x", rows, columns, x, xOffset, ldx);
    range("columnSums", "y", columns, y, yOffset);
    noOverlap("columnSums", "x", x, xOffset, span(rows, columns, ldx), "y", y, yOffset, columns);
    provider.columnSums(rows, columns, x, xOffset, ldx, y, yOffset);
  }
}

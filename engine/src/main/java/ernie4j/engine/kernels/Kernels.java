package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.ArgumentChecks.atLeastOne;
import static ernie4j.engine.kernels.ArgumentChecks.elementwise;
import static ernie4j.engine.kernels.ArgumentChecks.error;
import static ernie4j.engine.kernels.ArgumentChecks.matrix;
import static ernie4j.engine.kernels.ArgumentChecks.noOverlap;
import static ernie4j.engine.kernels.ArgumentChecks.range;
import static ernie4j.engine.kernels.ArgumentChecks.span;
import static ernie4j.engine.kernels.ArgumentChecks.within;

import ernie4j.engine.kernels.KernelEntry.State;
import ernie4j.engine.platform.Nanoseconds;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic that encoders and training are made of, over {@code float[]} with offsets and
 * leading dimensions (the distance between the starts of two rows). All matrices are row-major.
 *
 * <p>An instance has no state that a caller can see and may be shared between threads. A row of a
 * result depends on its own row of the input only, never on how many rows are computed together, so
 * a sequence gives the same bits alone and inside any batch. Every method checks its arguments
 * before it writes: an {@link IllegalArgumentException} names the operation, what it expected and
 * what it got. An output may not overlap an input unless the method says so. What computes is a
 * {@link KernelTable}.
 */
public final class Kernels {
  private final KernelTable table;
  private final Class<? extends PackedMatrix> form;
  private final Class<? extends PackedMatrix> bfloat16Form;
  private final Class<? extends Int8Matrix> int8Form;

  private Kernels(KernelTable table) {
    this.table = table;
    form = table.matrices().newPackedMatrix(1, 1).getClass();
    bfloat16Form = table.matrices().newBfloat16Matrix(1, 1).getClass();
    int8Form = table.matrices().newInt8Matrix(1, 1, new float[1]).getClass();
  }

  /** Kernels that compute with these functions. */
  public static Kernels of(KernelTable table) {
    return new Kernels(table);
  }

  /**
   * The kernels that suit this JVM, chosen once; see {@link KernelSelection}. The vector kernels
   * are slow until the JVM has compiled them: the plain-Java kernels compute in their place until
   * then, with the same bits.
   */
  public static Kernels best() {
    return KernelSelection.best();
  }

  /**
   * The vector kernels from the first call on: slow until the JVM has compiled them, for tests and
   * measurements.
   *
   * @throws IllegalStateException if {@link KernelSelection#refusal} speaks against them
   */
  public static Kernels vector() {
    return KernelSelection.demanded("vector", "The vector kernels cannot be used.");
  }

  /**
   * The kernels that {@link #best} would give if those of that name were the best ones installed.
   *
   * @param name that of a {@link KernelProvider}, such as {@code vector} or {@code machine-code}
   * @throws IllegalStateException if this JVM or machine cannot use them
   */
  public static Kernels named(String name) {
    return KernelSelection.named(name);
  }

  /** The plain-Java kernels, which run everywhere. */
  public static Kernels scalar() {
    return KernelSelection.demanded("scalar", "The plain-Java kernels cannot be used.");
  }

  /** A short name for messages, for example {@code vector (512 bit)}. */
  public String name() {
    return table.name();
  }

  /**
   * Whether the products are computed by machine code that is made at run time. It runs at full
   * speed from the first call on, for the JVM need not compile it.
   */
  public boolean isMachineCode() {
    return name().startsWith("machine code");
  }

  @Override
  public String toString() {
    return name();
  }

  /**
   * Waits until all kernels of inference, and those of training that have been called before, are
   * those that {@link #name} says; see {@link #best}.
   *
   * @param limit how long to wait at most; zero asks without waiting
   * @return false if others still compute in the place of one of them: the time is over, or the JVM
   *     takes unusually long to compile it, or this JVM cannot use it
   */
  public boolean awaitHandOver(Duration limit) {
    long start = System.nanoTime();
    long nanoseconds = Nanoseconds.of(limit);
    while (true) {
      List<State> open =
          needed()
              .map(KernelEntry::state)
              .filter(s -> s != State.READY)
              .collect(Collectors.toList());
      if (open.isEmpty()) {
        return true;
      }
      boolean over = System.nanoTime() - start >= nanoseconds;
      if (over || open.stream().anyMatch(state -> state != State.WARMING)) {
        return false;
      }
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  private Stream<KernelEntry<?>> needed() {
    return Stream.concat(table.inference(), table.training().filter(entry -> entry.waiting() > 0));
  }

  /**
   * Room for a matrix B {@code [rows, columns]}; every column must be packed before use.
   *
   * @throws IllegalArgumentException as {@link PackedMatrix#reshape}
   */
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return table.matrices().newPackedMatrix(rows, columns);
  }

  /** Whether {@link #newBfloat16Matrix} gives a matrix that is multiplied in bfloat16. */
  public boolean multiplyBfloat16() {
    return bfloat16Form != form;
  }

  /**
   * Room for a matrix B of bfloat16 numbers. Where the processor multiplies bfloat16 and these
   * kernels use it, it takes half the memory, what is packed is rounded to bfloat16, and {@link
   * #gemm} rounds A, too; a product of two such numbers is exact, and the sums are float32, in an
   * order that the processor chooses. Elsewhere it is {@link #newPackedMatrix}.
   *
   * @throws IllegalArgumentException as {@link PackedMatrix#reshape}
   */
  public PackedMatrix newBfloat16Matrix(int rows, int columns) {
    atLeastOne("newBfloat16Matrix", "rows", rows);
    atLeastOne("newBfloat16Matrix", "columns", columns);
    return table.matrices().newBfloat16Matrix(rows, columns);
  }

  /**
   * Room for the codes of an int8 matrix B; every one must be packed before use.
   *
   * @param scales the absolute maximum of every column
   * @throws IllegalArgumentException as {@link Int8Matrix#Int8Matrix}
   */
  public Int8Matrix newInt8Matrix(int rows, int columns, float[] scales) {
    return table.matrices().newInt8Matrix(rows, columns, scales);
  }

  /**
   * Copies a block into the columns {@code [column, column + count)} of a packed matrix.
   *
   * @param transposed false: the source is {@code [packed.rows(), count]}; true: it is {@code
   *     [count, packed.rows()]} and its transpose is copied
   */
  public void pack(
      float[] b,
      int bOffset,
      int ldb,
      boolean transposed,
      PackedMatrix packed,
      int column,
      int count) {
    ownFloats("pack", packed);
    atLeastOne("pack", "count", count);
    within("pack", "columns", column, count, packed.columns());
    int rows = transposed ? count : packed.rows();
    int columns = transposed ? packed.rows() : count;
    matrix("pack", "b", rows, columns, b, bOffset, ldb);
    if (transposed) {
      packed.copyTransposed(b, bOffset, ldb, column, count);
    } else {
      packed.copy(rows, count, b, bOffset, ldb, 0, column);
    }
  }

  /**
   * Copies a block {@code [rows, columns]} into a packed matrix, its first value to {@code (row,
   * column)}: what {@link #pack} does, for a matrix that arrives in pieces.
   */
  public void packBlock(
      int rows,
      int columns,
      float[] b,
      int bOffset,
      int ldb,
      PackedMatrix packed,
      int row,
      int column) {
    ownFloats("packBlock", packed);
    matrix("packBlock", "b", rows, columns, b, bOffset, ldb);
    within("packBlock", "rows", row, rows, packed.rows());
    within("packBlock", "columns", column, columns, packed.columns());
    packed.copy(rows, columns, b, bOffset, ldb, row, column);
  }

  /** As {@link #packBlock}, for the codes of an int8 matrix. */
  public void packCodes(
      int rows,
      int columns,
      byte[] b,
      int bOffset,
      int ldb,
      Int8Matrix packed,
      int row,
      int column) {
    own("packCodes", packed, int8Form);
    matrix("packCodes", "b", rows, columns, b.length, bOffset, ldb);
    within("packCodes", "rows", row, rows, packed.rows());
    within("packCodes", "columns", column, columns, packed.columns());
    packed.copy(rows, columns, b, bOffset, ldb, row, column);
  }

  private void ownFloats(String operation, PackedMatrix packed) {
    own(operation, packed, packed.getClass() == bfloat16Form ? bfloat16Form : form);
  }

  private void own(String operation, Object packed, Class<?> expected) {
    if (packed.getClass() != expected) {
      throw error(operation, "a matrix packed by the " + name() + " kernels", "one of others");
    }
  }

  /**
   * {@code C = epilogue(A B + bias)}; with a matrix of {@link #newBfloat16Matrix} as said there.
   *
   * @param m rows of A {@code [m, b.rows()]} and of C {@code [m, b.columns()]}
   * @param bias {@code b.columns()} values added to every row, or null for none
   */
  public void gemm(
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float @Nullable [] bias,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int ldc) {
    ownFloats("gemm", b);
    int n = b.columns();
    ArgumentChecks.operands("gemm", m, b.rows(), a, aOffset, lda, n, c, cOffset, ldc);
    if (bias != null) {
      ArgumentChecks.bias("gemm", m, n, bias, epilogue, c, cOffset, ldc);
    }
    long work = (long) m * b.rows() * n;
    table.product().use(work).run(m, a, aOffset, lda, b, bias, epilogue, c, cOffset, ldc);
  }

  /**
   * {@code C = epilogue(A' B + bias)}, where A' is A in int8. Every value of A becomes {@code
   * round(x * 127 / scale)}, half to even, within [-128, 127]; the codes are multiplied and added
   * without error in int32; then {@code C = total * (scale / 127 * columnScale / 127) + bias}. A
   * row of A with a value that is NaN or infinite gives a row of NaN.
   *
   * @param m rows of A {@code [m, b.rows()]} and of C {@code [m, b.columns()]}
   * @param scale the absolute maximum that calibration found for A; 0: every row's own
   * @param bias {@code b.columns()} values
   * @param epilogue not {@link Epilogue#ADD}
   */
  public void gemmInt8(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      Epilogue epilogue,
      float[] c,
      int cOffset,
      int ldc) {
    own("gemmInt8", b, int8Form);
    int n = b.columns();
    if (!(scale >= 0 && scale <= Float.MAX_VALUE)) {
      throw error("gemmInt8", "a scale from 0 on", String.valueOf(scale));
    }
    ArgumentChecks.operands("gemmInt8", m, b.rows(), a, aOffset, lda, n, c, cOffset, ldc);
    ArgumentChecks.bias("gemmInt8", m, n, bias, epilogue, c, cOffset, ldc);
    long work = (long) m * b.rows() * n;
    table
        .int8Product()
        .use(work)
        .run(m, a, aOffset, lda, scale, b, bias, epilogue, c, cOffset, ldc);
  }

  /** {@code Y [columns, rows] = transpose of X [rows, columns]}. */
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    ArgumentChecks.transpose(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
    long work = (long) rows * columns;
    table.transpose().use(work).run(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  /**
   * Softmax of every row of X {@code [rows, columns]} in place; the row's maximum is subtracted
   * first. A value of minus infinity becomes 0. A row of which every value is minus infinity, or
   * one is infinity or NaN, has no softmax: all of it becomes NaN, and no other row is touched.
   */
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    matrix("softmax", "x", rows, columns, x, xOffset, ldx);
    table.softmax().use(10L * rows * columns).run(rows, columns, x, xOffset, ldx);
  }

  /**
   * {@code Y = (S - mean(S)) / sqrt(var(S) + epsilon) * gamma + beta} for every row of {@code S = X
   * + residual}, with the biased variance. Y may be X or the residual itself.
   *
   * @param residual added to X first, with X's offset and leading dimension; null for none
   * @param statistics receives mean and 1/sqrt(var + epsilon) of every row, two values a row; null
   *     if nobody needs them
   * @param statisticsOffset where the first row's two values go
   */
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
    table
        .layerNorm()
        .use(4L * rows * columns)
        .run(
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

  /**
   * The gradient of layer norm with respect to its input: {@code DX += ...} for every row.
   *
   * @param x the input of the forward pass {@code [rows, columns]}
   * @param statistics what {@link #layerNorm} gave, from {@code statisticsOffset} on
   * @param dy gradient of the output, same layout as X
   * @param dx receives the gradient, same layout; it is added to what is there
   */
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
    ArgumentChecks.layerNormBackward(
        rows, columns, x, statistics, statisticsOffset, gamma, dy, dx, offset, ld);
    table
        .layerNormBackward()
        .use(4L * rows * columns)
        .run(rows, columns, x, statistics, statisticsOffset, gamma, dy, dx, offset, ld);
  }

  /** {@code y = x/2 (1 + erf(x / sqrt 2))}, error below 1e-6 absolute; y may be x itself. */
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("gelu", n, "x", x, xOffset, y, yOffset);
    table.gelu().use(10L * n).run(n, x, xOffset, y, yOffset);
  }

  /** {@code dx = dy * gelu'(x)}; dx may be dy itself. */
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    elementwise("geluBackward", n, "dy", dy, dyOffset, dx, dxOffset);
    range("geluBackward", "x", n, x, xOffset);
    noOverlap("geluBackward", "x", x, xOffset, n, "dx", dx, dxOffset, n);
    table.geluBackward().use(20L * n).run(n, x, xOffset, dy, dyOffset, dx, dxOffset);
  }

  /** {@code y = tanh(x)}; y may be x itself. */
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("tanh", n, "x", x, xOffset, y, yOffset);
    table.tanh().use(10L * n).run(n, x, xOffset, y, yOffset);
  }

  /** How many values of scratch {@link #attention} needs for one sequence. */
  public int attentionScratch(int tokens, int headSize) {
    atLeastOne("attentionScratch", "tokens", tokens);
    atLeastOne("attentionScratch", "headSize", headSize);
    // The one who computes now may be replaced before the scratch is used.
    KernelEntry<KernelTable.Attention> entry = table.attention();
    return Math.max(
        entry.standIn().scratch(tokens, headSize), entry.function().scratch(tokens, headSize));
  }

  /**
   * Scaled dot-product attention of one sequence, all heads: {@code softmax(scale Q K^T + keyBias)
   * V}. Head h owns the columns {@code [h * headSize, (h + 1) * headSize)} of Q, K, V and of the
   * context.
   *
   * @param qkv holds Q, K and V, each {@code [tokens, heads * headSize]} from its own offset with
   *     the common leading dimension
   * @param keyBias one value per key added to its scores (0, or -10000 for a masked key); null if
   *     all keys are seen
   * @param scratch at least {@link #attentionScratch} values, overwritten
   */
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
    ArgumentChecks.attention(
        attentionScratch(tokens, headSize),
        tokens,
        heads,
        headSize,
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
    long work = 2L * tokens * (tokens + 8) * heads * headSize;
    table
        .attention()
        .use(work)
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

  /**
   * Inverted dropout: every value is set to zero with the given probability, the others are divided
   * by (1 - probability). Whether element i survives depends on {@code (key, index + i)} only, so
   * the backward pass calls this again instead of keeping a mask. y may be x itself.
   */
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
    table.dropout().use(n).run(n, x, xOffset, y, yOffset, probability, key, index);
  }

  /** {@code y[j] += sum over rows of X[row, j]}, rows added in order. */
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    matrix("columnSums", "x", rows, columns, x, xOffset, ldx);
    range("columnSums", "y", columns, y, yOffset);
    noOverlap("columnSums", "x", x, xOffset, span(rows, columns, ldx), "y", y, yOffset, columns);
    table.columnSums().use((long) rows * columns).run(rows, columns, x, xOffset, ldx, y, yOffset);
  }
}

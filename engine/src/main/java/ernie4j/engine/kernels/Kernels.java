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
 * The arithmetic of encoders and training, over {@code float[]} with offsets and leading dimensions
 * (the distance between the starts of two rows). All matrices are row-major.
 *
 * <p>An instance has no state that a caller can see and may be shared between threads. A row of a
 * result depends only on its own row of the input, never on how many rows are computed together, so
 * a sequence gives the same bits alone and inside any batch. Every method checks its arguments
 * before it writes: an {@link IllegalArgumentException} names the operation, what it expected and
 * what it got. An output may not overlap an input unless the method says so. The functions of a
 * {@link KernelTable} do the computing.
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

  /**
   * Returns kernels that compute with the given functions.
   *
   * @param table the functions
   * @return the kernels
   */
  public static Kernels of(KernelTable table) {
    return new Kernels(table);
  }

  /**
   * Returns the kernels that suit this JVM best, chosen once; see {@link KernelSelection}. The
   * vector kernels are slow until the JVM has compiled them. Until then the plain-Java kernels
   * compute in their place, with the same bits.
   *
   * @return the kernels
   */
  public static Kernels best() {
    return KernelSelection.best();
  }

  /**
   * Returns the vector kernels, which compute from the first call on: slow until the JVM has
   * compiled them. For tests and measurements.
   *
   * @return the kernels
   * @throws IllegalStateException if they cannot be used; {@link KernelSelection#refusal} gives the
   *     reason
   */
  public static Kernels vector() {
    return KernelSelection.demanded("vector", "The vector kernels cannot be used.");
  }

  /**
   * Returns the kernels that {@link #best} would return if those of a name were the best ones
   * installed.
   *
   * @param name the name of a {@link KernelProvider}, such as {@code vector} or {@code
   *     machine-code}
   * @return the kernels
   * @throws IllegalStateException if this JVM or machine cannot use them
   */
  public static Kernels named(String name) {
    return KernelSelection.named(name);
  }

  /** {@return the plain-Java kernels, which run everywhere} */
  public static Kernels scalar() {
    return KernelSelection.demanded("scalar", "The plain-Java kernels cannot be used.");
  }

  /** {@return a short name for messages, for example {@code vector (512 bit)}} */
  public String name() {
    return table.name();
  }

  /**
   * {@return whether machine code that is generated at run time computes the products; it runs at
   * full speed from the first call on, because the JVM need not compile it}
   */
  public boolean isMachineCode() {
    return name().startsWith("machine code");
  }

  @Override
  public String toString() {
    return name();
  }

  /**
   * Waits until the kernels of {@link #name} compute everything themselves: all functions of
   * inference, and those of training that have been called before. A stand-in that has too little
   * work for its function to be compiled is not waited for. See {@link #best}.
   *
   * @param limit the most time to wait; zero to ask without waiting
   * @return false if a stand-in still computes in the place of one of them: the time ran out, or
   *     the JVM takes unusually long to compile it, or this JVM cannot use it
   */
  public boolean awaitHandOver(Duration limit) {
    long start = System.nanoTime();
    long nanoseconds = Nanoseconds.of(limit);
    while (true) {
      List<State> open =
          needed()
              .map(KernelEntry::state)
              .filter(s -> s != State.READY && s != State.IDLE)
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
   * Makes room for a matrix B {@code [rows, columns]}. Every column must be packed before use.
   *
   * @param rows rows of B, at least 1
   * @param columns columns of B, at least 1
   * @return a matrix whose contents are undefined until it is packed
   * @throws IllegalArgumentException as {@link PackedMatrix#reshape}
   */
  public PackedMatrix newPackedMatrix(int rows, int columns) {
    return table.matrices().newPackedMatrix(rows, columns);
  }

  /** {@return whether {@link #newBfloat16Matrix} makes matrices that are multiplied in bfloat16} */
  public boolean multiplyBfloat16() {
    return bfloat16Form != form;
  }

  /**
   * Makes room for a matrix B of bfloat16 numbers. If the processor multiplies bfloat16 and these
   * kernels use it, the matrix takes half the memory, packed values are rounded to bfloat16, and
   * {@link #gemm} rounds A, too. A product of two such numbers is exact; the sums are float32, in
   * an order that the processor chooses. Otherwise this is {@link #newPackedMatrix}.
   *
   * @param rows rows of B, at least 1
   * @param columns columns of B, at least 1
   * @return a matrix whose contents are undefined until it is packed
   * @throws IllegalArgumentException as {@link PackedMatrix#reshape}
   */
  public PackedMatrix newBfloat16Matrix(int rows, int columns) {
    atLeastOne("newBfloat16Matrix", "rows", rows);
    atLeastOne("newBfloat16Matrix", "columns", columns);
    return table.matrices().newBfloat16Matrix(rows, columns);
  }

  /**
   * Makes room for the codes of an int8 matrix B. Every code must be packed before use.
   *
   * @param rows rows of B, at least 1
   * @param columns columns of B, at least 1
   * @param scales the absolute maximum of every column, {@code [columns]}
   * @return a matrix whose codes are 0 until they are packed
   * @throws IllegalArgumentException as {@link Int8Matrix#Int8Matrix}
   */
  public Int8Matrix newInt8Matrix(int rows, int columns, float[] scales) {
    return table.matrices().newInt8Matrix(rows, columns, scales);
  }

  /**
   * Copies a block into the columns {@code [column, column + count)} of a packed matrix.
   *
   * @param b the source, row-major
   * @param bOffset index in {@code b} of the first value
   * @param ldb leading dimension of the source
   * @param transposed false: the source is {@code [packed.rows(), count]}; true: it is {@code
   *     [count, packed.rows()]} and its transpose is copied
   * @param packed the matrix to copy to, made by these kernels
   * @param column the first column to write
   * @param count the number of columns
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
   * column)}. Does the same as {@link #pack} for a matrix that arrives in pieces.
   *
   * @param rows rows of the block
   * @param columns columns of the block
   * @param b the source, row-major
   * @param bOffset index in {@code b} of the first value
   * @param ldb leading dimension of the source
   * @param packed the matrix to copy to, made by these kernels
   * @param row the row of {@code packed} for the first row of the block
   * @param column the column of {@code packed} for the first column of the block
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

  /**
   * Copies a block of codes {@code [rows, columns]} into an int8 matrix, its first code to {@code
   * (row, column)}.
   *
   * @param rows rows of the block
   * @param columns columns of the block
   * @param b the source, row-major
   * @param bOffset index in {@code b} of the first value
   * @param ldb leading dimension of the source
   * @param packed the matrix to copy to, made by these kernels
   * @param row the row of {@code packed} for the first row of the block
   * @param column the column of {@code packed} for the first column of the block
   */
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
   * Computes {@code C = epilogue(A B + bias)}. For a matrix of {@link #newBfloat16Matrix}, A may be
   * rounded as described there.
   *
   * @param m rows of A and C
   * @param a matrix A, {@code [m, b.rows()]}
   * @param aOffset index in {@code a} of the first value
   * @param lda leading dimension of a
   * @param b the packed matrix B
   * @param bias {@code b.columns()} values added to every row; null for none, which {@link
   *     Epilogue#ADD} requires
   * @param epilogue what happens to the sums
   * @param c receives the result, {@code [m, b.columns()]}
   * @param cOffset index in {@code c} of the first value
   * @param ldc leading dimension of c
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
   * Computes {@code C = epilogue(A' B + bias)}, where A' is A in int8. Every value of A becomes
   * {@code round(x * 127 / scale)}, half to even, within [-128, 127]. The codes are multiplied and
   * added without error in int32; then {@code C = total * (scale / 127 * columnScale / 127) +
   * bias}. A row of A with a value that is NaN or infinite gives a row of NaN.
   *
   * @param m rows of A and C
   * @param a matrix A, {@code [m, b.rows()]}
   * @param aOffset index in {@code a} of the first value
   * @param lda leading dimension of a
   * @param scale the absolute maximum that calibration found for A; 0 to use the absolute maximum
   *     of each row
   * @param b the packed matrix B
   * @param bias {@code b.columns()} values added to every row
   * @param epilogue what happens to the sums; not {@link Epilogue#ADD}
   * @param c receives the result, {@code [m, b.columns()]}
   * @param cOffset index in {@code c} of the first value
   * @param ldc leading dimension of c
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

  /**
   * Computes {@code Y = transpose of X}.
   *
   * @param rows rows of X
   * @param columns columns of X
   * @param x matrix X, {@code [rows, columns]}
   * @param xOffset index in {@code x} of the first value
   * @param ldx leading dimension of x
   * @param y receives the transpose, {@code [columns, rows]}
   * @param yOffset index in {@code y} of the first value
   * @param ldy leading dimension of y
   */
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    ArgumentChecks.transpose(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
    long work = (long) rows * columns;
    table.transpose().use(work).run(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  /**
   * Computes the softmax of every row of X in place, after subtracting the row's maximum. A value
   * of minus infinity becomes 0. A row has no softmax if all its values are minus infinity, or one
   * is infinity or NaN: the whole row becomes NaN, and no other row is affected.
   *
   * @param rows rows of X
   * @param columns columns of X
   * @param x input and output, {@code [rows, columns]}
   * @param xOffset index in {@code x} of the first value
   * @param ldx leading dimension of x
   */
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    matrix("softmax", "x", rows, columns, x, xOffset, ldx);
    table.softmax().use(10L * rows * columns).run(rows, columns, x, xOffset, ldx);
  }

  /**
   * Computes {@code Y = (S - mean(S)) / sqrt(var(S) + epsilon) * gamma + beta} for every row of
   * {@code S = X + residual}, with the biased variance.
   *
   * @param rows rows of X
   * @param columns columns of X
   * @param x matrix X, {@code [rows, columns]}
   * @param residual added to X first, with the offset and leading dimension of X; null for none
   * @param offset index in {@code x} and {@code residual} of the first value
   * @param ldx leading dimension of x and residual
   * @param gamma factors, {@code [columns]}
   * @param beta summands, {@code [columns]}
   * @param epsilon added to the variance, at least 0
   * @param y receives the result, {@code [rows, columns]}; may be {@code x} or {@code residual}
   * @param yOffset index in {@code y} of the first value
   * @param ldy leading dimension of y
   * @param statistics receives mean and {@code 1 / sqrt(var + epsilon)} of every row, {@code [rows,
   *     2]}; null if not needed
   * @param statisticsOffset index in {@code statistics} of the first value
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
   * Computes the gradient of layer norm with respect to its input: {@code DX += ...} for every row.
   *
   * @param rows rows of X
   * @param columns columns of X
   * @param x the input of the forward pass, {@code [rows, columns]}
   * @param statistics what {@link #layerNorm} wrote, {@code [rows, 2]}
   * @param statisticsOffset index in {@code statistics} of the first value
   * @param gamma factors, {@code [columns]}
   * @param dy gradient of the output, laid out as x
   * @param dx the gradient of the input is added to it, laid out as x
   * @param offset index in {@code x}, {@code dy} and {@code dx} of the first value
   * @param ld leading dimension of x, dy and dx
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

  /**
   * Computes {@code y = x/2 (1 + erf(x / sqrt 2))} with an absolute error below 1e-6.
   *
   * @param n the number of values, at least 1
   * @param x the arguments, {@code [n]}
   * @param xOffset index in {@code x} of the first value
   * @param y receives the results, {@code [n]}; may be {@code x} itself
   * @param yOffset index in {@code y} of the first value
   */
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("gelu", n, "x", x, xOffset, y, yOffset);
    table.gelu().use(10L * n).run(n, x, xOffset, y, yOffset);
  }

  /**
   * Computes {@code dx = dy * gelu'(x)}.
   *
   * @param n the number of values, at least 1
   * @param x the arguments of the forward pass, {@code [n]}
   * @param xOffset index in {@code x} of the first value
   * @param dy gradient of the results, {@code [n]}
   * @param dyOffset index in {@code dy} of the first value
   * @param dx receives the gradient of the arguments, {@code [n]}; may be {@code dy} itself
   * @param dxOffset index in {@code dx} of the first value
   */
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    elementwise("geluBackward", n, "dy", dy, dyOffset, dx, dxOffset);
    range("geluBackward", "x", n, x, xOffset);
    noOverlap("geluBackward", "x", x, xOffset, n, "dx", dx, dxOffset, n);
    table.geluBackward().use(20L * n).run(n, x, xOffset, dy, dyOffset, dx, dxOffset);
  }

  /**
   * Computes {@code y = tanh(x)}.
   *
   * @param n the number of values, at least 1
   * @param x the arguments, {@code [n]}
   * @param xOffset index in {@code x} of the first value
   * @param y receives the results, {@code [n]}; may be {@code x} itself
   * @param yOffset index in {@code y} of the first value
   */
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    elementwise("tanh", n, "x", x, xOffset, y, yOffset);
    table.tanh().use(10L * n).run(n, x, xOffset, y, yOffset);
  }

  /**
   * Returns the scratch memory that {@link #attention} needs for one sequence.
   *
   * @param tokens the length of the sequence, at least 1
   * @param headSize columns of one head, at least 1
   * @return the number of values
   */
  public int attentionScratch(int tokens, int headSize) {
    atLeastOne("attentionScratch", "tokens", tokens);
    atLeastOne("attentionScratch", "headSize", headSize);
    // The function that computes at the moment may be replaced before the scratch is used.
    KernelEntry<KernelTable.Attention> entry = table.attention();
    return Math.max(
        entry.standIn().scratch(tokens, headSize), entry.function().scratch(tokens, headSize));
  }

  /**
   * Computes the scaled dot-product attention of one sequence, all heads: {@code softmax(scale Q
   * K^T + keyBias) V}. Head h owns the columns {@code [h * headSize, (h + 1) * headSize)} of Q, K,
   * V and the context.
   *
   * @param tokens the length of the sequence, at least 1
   * @param heads the number of heads, at least 1
   * @param headSize columns of one head, at least 1
   * @param scale factor of the scores, usually {@code 1 / sqrt(headSize)}
   * @param qkv holds Q, K and V, each {@code [tokens, heads * headSize]}
   * @param qOffset index in {@code qkv} of the first value of Q
   * @param kOffset index in {@code qkv} of the first value of K
   * @param vOffset index in {@code qkv} of the first value of V
   * @param ld leading dimension of Q, K and V
   * @param keyBias one value per key that is added to its scores: 0, or -10000 for a masked key;
   *     null if all keys are seen
   * @param keyBiasOffset index in {@code keyBias} of the first value
   * @param context receives the result, {@code [tokens, heads * headSize]}
   * @param contextOffset index in {@code context} of the first value
   * @param ldContext leading dimension of the context
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
   * Computes inverted dropout: every value becomes zero with the given probability, and the others
   * are divided by {@code 1 - probability}. Whether element i survives depends only on {@code (key,
   * index + i)}, so the backward pass calls this again instead of storing a mask.
   *
   * @param n the number of values, at least 1
   * @param x the arguments, {@code [n]}
   * @param xOffset index in {@code x} of the first value
   * @param y receives the results, {@code [n]}; may be {@code x} itself
   * @param yOffset index in {@code y} of the first value
   * @param probability the share of values that become zero, in [0, 1)
   * @param key selects the sequence of random numbers
   * @param index index in that sequence of the first value
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

  /**
   * Computes {@code y[j] += sum over rows of X[row, j]}, adding rows in order.
   *
   * @param rows rows of X
   * @param columns columns of X
   * @param x matrix X, {@code [rows, columns]}
   * @param xOffset index in {@code x} of the first value
   * @param ldx leading dimension of x
   * @param y the sums are added to it, {@code [columns]}
   * @param yOffset index in {@code y} of the first value
   */
  public void columnSums(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
    matrix("columnSums", "x", rows, columns, x, xOffset, ldx);
    range("columnSums", "y", columns, y, yOffset);
    noOverlap("columnSums", "x", x, xOffset, span(rows, columns, ldx), "y", y, yOffset, columns);
    table.columnSums().use((long) rows * columns).run(rows, columns, x, xOffset, ldx, y, yOffset);
  }
}

package ernie4j.engine.kernels;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The arithmetic that encoders and training are made of, over {@code float[]} with offsets and
 * leading dimensions (the distance between the starts of two rows). All matrices are row-major.
 *
 * <p>Implementations hold no state that a caller can see and may be shared between threads. A row
 * of a result depends on its own row of the input only, never on how many rows are computed
 * together, so a sequence gives the same bits alone and inside any batch. Every method checks its
 * arguments before it writes: an {@link IllegalArgumentException} names the operation, what it
 * expected and what it got. An output may not overlap an input unless the method says so.
 */
public interface Kernels {
  /**
   * The kernels that suit this JVM, chosen once; see {@link KernelSelection}. The vector kernels
   * are slow until the JVM has compiled them: the plain-Java kernels compute in their place until
   * then, with the same bits.
   */
  static Kernels best() {
    return KernelSelection.best();
  }

  /**
   * The vector kernels from the first call on: slow until the JVM has compiled them, for tests and
   * measurements.
   *
   * @throws IllegalStateException if {@link KernelSelection#refusal} speaks against them
   */
  static Kernels vector() {
    return KernelSelection.vector();
  }

  /** The plain-Java kernels, which run everywhere. */
  static Kernels scalar() {
    return new CheckedKernels(new ScalarKernels());
  }

  /** A short name for messages, for example {@code vector (512 bit)}. */
  String name();

  /**
   * Waits until all kernels of inference, and those of training that have been called before, are
   * those that {@link #name} says; see {@link #best}.
   *
   * @param limit how long to wait at most; zero asks without waiting
   * @return false if others still compute in the place of one of them: the time is over, or the JVM
   *     takes unusually long to compile it, or this JVM cannot use it
   */
  default boolean awaitHandOver(Duration limit) {
    return true;
  }

  /** Room for a matrix B {@code [rows, columns]}; every column must be packed before use. */
  PackedMatrix newPackedMatrix(int rows, int columns);

  /**
   * Copies a block into the columns {@code [column, column + count)} of a packed matrix.
   *
   * @param transposed false: the source is {@code [packed.rows(), count]}; true: it is {@code
   *     [count, packed.rows()]} and its transpose is copied
   */
  void pack(
      float[] b,
      int bOffset,
      int ldb,
      boolean transposed,
      PackedMatrix packed,
      int column,
      int count);

  /**
   * Copies a block {@code [rows, columns]} into a packed matrix, its first value to {@code (row,
   * column)}: what {@link #pack} does, for a matrix that arrives in pieces.
   */
  void packBlock(
      int rows,
      int columns,
      float[] b,
      int bOffset,
      int ldb,
      PackedMatrix packed,
      int row,
      int column);

  /**
   * {@code C = A B + bias}.
   *
   * @param m rows of A {@code [m, b.rows()]} and of C {@code [m, b.columns()]}
   * @param bias {@code b.columns()} values added to every row, or null for none
   */
  void gemm(
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float @Nullable [] bias,
      float[] c,
      int cOffset,
      int ldc);

  /** {@code C = gelu(A B + bias)}, shapes as in {@link #gemm}. */
  void gemmGelu(
      int m,
      float[] a,
      int aOffset,
      int lda,
      PackedMatrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc);

  /** {@code C += A B}, shapes as in {@link #gemm}. */
  void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc);

  /**
   * {@code C = A' B + bias}, where A' is A in int8. Every value of A becomes {@code round(x * 127 /
   * scale)}, half to even, within [-128, 127]; the codes are multiplied and added without error in
   * int32; then {@code C = total * (scale / 127 * columnScale / 127) + bias}.
   *
   * @param m rows of A {@code [m, b.rows()]} and of C {@code [m, b.columns()]}
   * @param scale the absolute maximum that calibration found for A; 0: every row's own
   * @param bias {@code b.columns()} values
   */
  void gemmInt8(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc);

  /** {@code C = gelu(A' B + bias)}, see {@link #gemmInt8}. */
  void gemmInt8Gelu(
      int m,
      float[] a,
      int aOffset,
      int lda,
      float scale,
      Int8Matrix b,
      float[] bias,
      float[] c,
      int cOffset,
      int ldc);

  /** {@code Y [columns, rows] = transpose of X [rows, columns]}. */
  void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

  /**
   * Softmax of every row of X {@code [rows, columns]} in place; the row's maximum is subtracted
   * first. A value of minus infinity becomes 0. A row of which every value is minus infinity, or
   * one is infinity or NaN, has no softmax: all of it becomes NaN, and no other row is touched.
   */
  void softmax(int rows, int columns, float[] x, int xOffset, int ldx);

  /**
   * {@code Y = (S - mean(S)) / sqrt(var(S) + epsilon) * gamma + beta} for every row of {@code S = X
   * + residual}, with the biased variance. Y may be X or the residual itself.
   *
   * @param residual added to X first, with X's offset and leading dimension; null for none
   * @param statistics receives mean and 1/sqrt(var + epsilon) of every row, two values a row; null
   *     if nobody needs them
   * @param statisticsOffset where the first row's two values go
   */
  void layerNorm(
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
      int statisticsOffset);

  /**
   * The gradient of layer norm with respect to its input: {@code DX += ...} for every row.
   *
   * @param x the input of the forward pass {@code [rows, columns]}
   * @param statistics what {@link #layerNorm} gave, from {@code statisticsOffset} on
   * @param dy gradient of the output, same layout as X
   * @param dx receives the gradient, same layout; it is added to what is there
   */
  void layerNormBackward(
      int rows,
      int columns,
      float[] x,
      float[] statistics,
      int statisticsOffset,
      float[] gamma,
      float[] dy,
      float[] dx,
      int offset,
      int ld);

  /** {@code y = x/2 (1 + erf(x / sqrt 2))}, error below 1e-6 absolute; y may be x itself. */
  void gelu(int n, float[] x, int xOffset, float[] y, int yOffset);

  /** {@code dx = dy * gelu'(x)}; dx may be dy itself. */
  void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset);

  /** {@code y = tanh(x)}; y may be x itself. */
  void tanh(int n, float[] x, int xOffset, float[] y, int yOffset);

  /** How many values of scratch {@link #attention} needs for one sequence. */
  int attentionScratch(int tokens, int headSize);

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
  void attention(
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
      float[] scratch);

  /**
   * Inverted dropout: every value is set to zero with the given probability, the others are divided
   * by (1 - probability). Whether element i survives depends on {@code (key, index + i)} only, so
   * the backward pass calls this again instead of keeping a mask. y may be x itself.
   */
  void dropout(
      int n,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      float probability,
      long key,
      int index);

  /** {@code y[j] += sum over rows of X[row, j]}, rows added in order. */
  void columnSums(int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset);
}

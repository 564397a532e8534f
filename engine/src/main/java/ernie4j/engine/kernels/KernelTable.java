package ernie4j.engine.kernels;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions that {@link Kernels} computes with, as a provider supplies them. Arguments are
 * those of the method of the same name in {@link Kernels} and have been checked. Many threads may
 * call a function at once. Providers may be combined: a table can take entries from another one, as
 * long as its products know its own forms of matrices.
 *
 * @param name for messages, such as {@code vector (512 bit)}
 * @param matrices makes the matrices that the products of this table read
 * @param product computes {@link Kernels#gemm}
 * @param int8Product computes {@link Kernels#gemmInt8}
 * @param attention computes {@link Kernels#attention}
 * @param softmax computes {@link Kernels#softmax}
 * @param layerNorm computes {@link Kernels#layerNorm}
 * @param layerNormBackward computes {@link Kernels#layerNormBackward}
 * @param gelu computes {@link Kernels#gelu}
 * @param geluBackward computes {@link Kernels#geluBackward}
 * @param tanh computes {@link Kernels#tanh}
 * @param dropout computes {@link Kernels#dropout}
 * @param columnSums computes {@link Kernels#columnSums}
 * @param transpose computes {@link Kernels#transpose}
 * @param parts entries that functions of this table are made of, for example tiles
 */
public record KernelTable(
    String name,
    Matrices matrices,
    KernelEntry<Product> product,
    KernelEntry<Int8Product> int8Product,
    KernelEntry<Attention> attention,
    KernelEntry<Softmax> softmax,
    KernelEntry<LayerNorm> layerNorm,
    KernelEntry<LayerNormBackward> layerNormBackward,
    KernelEntry<Elementwise> gelu,
    KernelEntry<ElementwiseBackward> geluBackward,
    KernelEntry<Elementwise> tanh,
    KernelEntry<Dropout> dropout,
    KernelEntry<ColumnSums> columnSums,
    KernelEntry<Transpose> transpose,
    List<KernelEntry<?>> parts) {

  /** {@return all entries} */
  public Stream<KernelEntry<?>> entries() {
    return Stream.concat(inference(), training());
  }

  /** The entries of inference. */
  Stream<KernelEntry<?>> inference() {
    return Stream.concat(
        parts.stream(), Stream.of(product, int8Product, attention, softmax, layerNorm, gelu, tanh));
  }

  /** The entries that only training uses. */
  Stream<KernelEntry<?>> training() {
    return Stream.of(layerNormBackward, geluBackward, dropout, columnSums, transpose);
  }

  /** Makes matrices in the forms that the products of a table read. */
  public interface Matrices {
    /**
     * Makes room for a float32 matrix, see {@link PackedMatrix#reshape}.
     *
     * @param rows rows of B, at least 1
     * @param columns columns of B, at least 1
     * @return a matrix whose contents are undefined until it is packed
     */
    PackedMatrix newPackedMatrix(int rows, int columns);

    /**
     * Makes room for a matrix whose values are bfloat16 numbers, in a form that the product also
     * reads. Kernels that multiply bfloat16 override this; others store it as float32.
     *
     * @param rows rows of B, at least 1
     * @param columns columns of B, at least 1
     * @return a matrix whose contents are undefined until it is packed
     */
    default PackedMatrix newBfloat16Matrix(int rows, int columns) {
      return newPackedMatrix(rows, columns);
    }

    /**
     * Makes room for the codes of an int8 matrix, see {@link Int8Matrix}.
     *
     * @param rows rows of B, at least 1
     * @param columns columns of B, at least 1
     * @param scales the absolute maximum of every column
     * @return a matrix whose codes are 0 until they are packed
     */
    Int8Matrix newInt8Matrix(int rows, int columns, float[] scales);
  }

  /** Computes {@link Kernels#gemm}. */
  public interface Product {
    /**
     * Computes {@code C = epilogue(A B + bias)}.
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
    void run(
        int m,
        float[] a,
        int aOffset,
        int lda,
        PackedMatrix b,
        float @Nullable [] bias,
        Epilogue epilogue,
        float[] c,
        int cOffset,
        int ldc);
  }

  /** Computes {@link Kernels#gemmInt8}. */
  public interface Int8Product {
    /**
     * Computes {@code C = epilogue(A' B + bias)}, where A' is A in int8.
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
    void run(
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
        int ldc);
  }

  /** Computes {@link Kernels#attention}. */
  public interface Attention {
    /**
     * Returns the scratch memory that one sequence needs.
     *
     * @param tokens the length of the sequence
     * @param headSize columns of one head
     * @return the number of values
     */
    int scratch(int tokens, int headSize);

    /**
     * Computes the attention of one sequence, all heads.
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
     * @param scratch at least {@link Kernels#attentionScratch} values, overwritten
     */
    void run(
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
  }

  /** Computes {@link Kernels#softmax}. */
  public interface Softmax {
    /**
     * Computes the softmax of every row in place.
     *
     * @param rows rows of X
     * @param columns columns of X
     * @param x input and output, {@code [rows, columns]}
     * @param xOffset index in {@code x} of the first value
     * @param ldx leading dimension of x
     */
    void run(int rows, int columns, float[] x, int xOffset, int ldx);
  }

  /** Computes {@link Kernels#layerNorm}. */
  public interface LayerNorm {
    /**
     * Computes the layer norm of every row.
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
     * @param statistics receives mean and {@code 1 / sqrt(var + epsilon)} of every row, {@code
     *     [rows, 2]}; null if not needed
     * @param statisticsOffset index in {@code statistics} of the first value
     */
    void run(
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
  }

  /** Computes {@link Kernels#layerNormBackward}. */
  public interface LayerNormBackward {
    /**
     * Adds the gradient of layer norm with respect to its input.
     *
     * @param rows rows of X
     * @param columns columns of X
     * @param x the input of the forward pass, {@code [rows, columns]}
     * @param statistics what {@link Kernels#layerNorm} wrote, {@code [rows, 2]}
     * @param statisticsOffset index in {@code statistics} of the first value
     * @param gamma factors, {@code [columns]}
     * @param dy gradient of the output, laid out as x
     * @param dx the gradient of the input is added to it, laid out as x
     * @param offset index in {@code x}, {@code dy} and {@code dx} of the first value
     * @param ld leading dimension of x, dy and dx
     */
    void run(
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
  }

  /** Functions with the signature of {@link Kernels#gelu} and {@link Kernels#tanh}. */
  public interface Elementwise {
    /**
     * Applies the function to every value.
     *
     * @param n the number of values, at least 1
     * @param x the arguments, {@code [n]}
     * @param xOffset index in {@code x} of the first value
     * @param y receives the results, {@code [n]}; may be {@code x} itself
     * @param yOffset index in {@code y} of the first value
     */
    void run(int n, float[] x, int xOffset, float[] y, int yOffset);
  }

  /** Computes {@link Kernels#geluBackward}. */
  public interface ElementwiseBackward {
    /**
     * Computes the gradient with respect to the arguments.
     *
     * @param n the number of values, at least 1
     * @param x the arguments of the forward pass, {@code [n]}
     * @param xOffset index in {@code x} of the first value
     * @param dy gradient of the results, {@code [n]}
     * @param dyOffset index in {@code dy} of the first value
     * @param dx receives the gradient of the arguments, {@code [n]}; may be {@code dy} itself
     * @param dxOffset index in {@code dx} of the first value
     */
    void run(int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset);
  }

  /** Computes {@link Kernels#dropout}. */
  public interface Dropout {
    /**
     * Drops values and scales the others.
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
    void run(
        int n,
        float[] x,
        int xOffset,
        float[] y,
        int yOffset,
        float probability,
        long key,
        int index);
  }

  /** Computes {@link Kernels#transpose}. */
  public interface Transpose {
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
    void run(
        int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);
  }

  /** Computes {@link Kernels#columnSums}. */
  public interface ColumnSums {
    /**
     * Adds the sum of every column.
     *
     * @param rows rows of X
     * @param columns columns of X
     * @param x matrix X, {@code [rows, columns]}
     * @param xOffset index in {@code x} of the first value
     * @param ldx leading dimension of x
     * @param y the sums are added to it, {@code [columns]}
     * @param yOffset index in {@code y} of the first value
     */
    void run(int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset);
  }
}

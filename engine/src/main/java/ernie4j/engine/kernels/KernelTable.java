package ernie4j.engine.kernels;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The functions that {@link Kernels} computes with, as a provider fills them in. Arguments are
 * those of the method of the same name in {@link Kernels} and have been checked. A function may be
 * called by many threads at once. Providers may mix: a table can take entries from another one, as
 * long as its products know its own forms of matrices.
 *
 * @param name for messages, such as {@code vector (512 bit)}
 * @param matrices makes the matrices that the products of this table read
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
    /** Room for a float32 matrix of that size, see {@link PackedMatrix#reshape}. */
    PackedMatrix newPackedMatrix(int rows, int columns);

    /**
     * Room for a matrix whose values are bfloat16 numbers, in a form that the product reads, too.
     * Kernels that multiply bfloat16 override this; others keep it as float32.
     */
    default PackedMatrix newBfloat16Matrix(int rows, int columns) {
      return newPackedMatrix(rows, columns);
    }

    /** Room for the codes of an int8 matrix, see {@link Int8Matrix}. */
    Int8Matrix newInt8Matrix(int rows, int columns, float[] scales);
  }

  /** {@link Kernels#gemm}. */
  public interface Product {
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

  /** {@link Kernels#gemmInt8}. */
  public interface Int8Product {
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

  /** {@link Kernels#attention}. */
  public interface Attention {
    /** Values of scratch for one sequence. */
    int scratch(int tokens, int headSize);

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

  /** {@link Kernels#softmax}. */
  public interface Softmax {
    void run(int rows, int columns, float[] x, int xOffset, int ldx);
  }

  /** {@link Kernels#layerNorm}. */
  public interface LayerNorm {
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

  /** {@link Kernels#layerNormBackward}. */
  public interface LayerNormBackward {
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

  /** {@link Kernels#gelu}, {@link Kernels#tanh}. */
  public interface Elementwise {
    void run(int n, float[] x, int xOffset, float[] y, int yOffset);
  }

  /** {@link Kernels#geluBackward}. */
  public interface ElementwiseBackward {
    void run(int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset);
  }

  /** {@link Kernels#dropout}. */
  public interface Dropout {
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

  /** {@link Kernels#transpose}. */
  public interface Transpose {
    void run(
        int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);
  }

  /** {@link Kernels#columnSums}. */
  public interface ColumnSums {
    void run(int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset);
  }
}

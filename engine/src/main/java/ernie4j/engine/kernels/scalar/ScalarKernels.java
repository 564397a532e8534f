package ernie4j.engine.kernels.scalar;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernels in plain Java: a fast fallback, and the definition of the bits that all other kernels
 * give. The int8 product reads any form of matrix.
 */
final class ScalarKernels {
  // Classes instead of method references: about twenty of those would slow the start noticeably.

  /** The scratch of the calling thread. */
  private final PerThread<Work> work = new PerThread<>(Work::new);

  private final Gelu gelu = new Gelu();

  private static final class Work {
    final RowProduct product = new RowProduct();
    final ScalarAttention attention = new ScalarAttention();
    final ScalarLoops loops = new ScalarLoops();
    final ScalarSoftmax softmax = new ScalarSoftmax();
    final ScalarLayerNorm layerNorm = new ScalarLayerNorm();
    final ScalarInt8 int8 = new ScalarInt8();
  }

  /** The functions of these kernels. */
  KernelTable table() {
    return new KernelTable(
        "scalar",
        new Matrices(),
        KernelEntry.of("product", new Product()),
        KernelEntry.of("int8 product", new Int8Product()),
        KernelEntry.of("attention", new AttentionOnLoops()),
        KernelEntry.of("softmax", new Softmax()),
        KernelEntry.of("layer norm", new LayerNorm()),
        KernelEntry.of("layer norm backward", new LayerNormBackward()),
        KernelEntry.of("gelu", gelu),
        KernelEntry.of("gelu backward", new GeluBackward()),
        KernelEntry.of("tanh", new Tanh()),
        KernelEntry.of("dropout", new Dropout()),
        KernelEntry.of("column sums", new ColumnSums()),
        KernelEntry.of("transpose", new Transposition()),
        List.of());
  }

  private static final class Matrices implements KernelTable.Matrices {
    @Override
    public PackedMatrix newPackedMatrix(int rows, int columns) {
      return new RowMatrix(rows, columns);
    }

    @Override
    public Int8Matrix newInt8Matrix(int rows, int columns, float[] scales) {
      return new RowInt8Matrix(rows, columns, scales);
    }
  }

  private final class Product implements KernelTable.Product {
    @Override
    public void run(
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
      int n = b.columns();
      if (epilogue != Epilogue.ADD) {
        for (int i = 0, row = cOffset; i < m; i++, row += ldc) {
          if (bias == null) {
            Arrays.fill(c, row, row + n, 0f);
          } else {
            System.arraycopy(bias, 0, c, row, n);
          }
        }
      }
      work.get().product.add(m, a, aOffset, lda, (RowMatrix) b, c, cOffset, ldc);
      finish(m, n, epilogue, c, cOffset, ldc);
    }
  }

  private final class Int8Product implements KernelTable.Int8Product {
    @Override
    public void run(
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
      work.get().int8.multiply(m, a, aOffset, lda, scale, b, bias, c, cOffset, ldc);
      finish(m, b.columns(), epilogue, c, cOffset, ldc);
    }
  }

  private void finish(int m, int n, Epilogue epilogue, float[] c, int cOffset, int ldc) {
    if (epilogue == Epilogue.GELU) {
      for (int i = 0, row = cOffset; i < m; i++, row += ldc) {
        gelu.run(n, c, row, c, row);
      }
    }
  }

  private final class Softmax implements KernelTable.Softmax {
    @Override
    public void run(int rows, int columns, float[] x, int xOffset, int ldx) {
      ScalarSoftmax softmax = work.get().softmax;
      for (int i = 0; i < rows; i++) {
        softmax.row(columns, x, xOffset + i * ldx);
      }
    }
  }

  private final class LayerNorm implements KernelTable.LayerNorm {
    @Override
    public void run(
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
  }

  private final class LayerNormBackward implements KernelTable.LayerNormBackward {
    @Override
    public void run(
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
  }

  private final class Gelu implements KernelTable.Elementwise {
    @Override
    public void run(int n, float[] x, int xOffset, float[] y, int yOffset) {
      work.get().loops.gelu(n, x, xOffset, y, yOffset);
    }
  }

  private final class GeluBackward implements KernelTable.ElementwiseBackward {
    @Override
    public void run(
        int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
      work.get().loops.geluBackward(n, x, xOffset, dy, dyOffset, dx, dxOffset);
    }
  }

  private static final class Tanh implements KernelTable.Elementwise {
    @Override
    public void run(int n, float[] x, int xOffset, float[] y, int yOffset) {
      for (int i = 0; i < n; i++) {
        y[yOffset + i] = ScalarMath.tanh(x[xOffset + i]);
      }
    }
  }

  private static final class Transposition implements KernelTable.Transpose {
    @Override
    public void run(
        int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
      Transpose.rows(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
    }
  }

  private final class AttentionOnLoops implements KernelTable.Attention {
    @Override
    public int scratch(int tokens, int headSize) {
      return ScalarAttention.scratch(tokens, headSize);
    }

    @Override
    public void run(
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
  }

  private static final class Dropout implements KernelTable.Dropout {
    @Override
    public void run(
        int n,
        float[] x,
        int xOffset,
        float[] y,
        int yOffset,
        float probability,
        long key,
        int index) {
      int threshold = DropoutBits.threshold(probability);
      float scale = DropoutBits.scale(probability);
      int low = DropoutBits.low(key);
      int high = DropoutBits.high(key);
      for (int i = 0; i < n; i++) {
        boolean survives = DropoutBits.bits(index + i, low, high) >= threshold;
        y[yOffset + i] = survives ? x[xOffset + i] * scale : 0f;
      }
    }
  }

  private static final class ColumnSums implements KernelTable.ColumnSums {
    @Override
    public void run(
        int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset) {
      for (int i = 0; i < rows; i++) {
        int row = xOffset + i * ldx;
        for (int j = 0; j < columns; j++) {
          y[yOffset + j] += x[row + j];
        }
      }
    }
  }
}

package ernie4j.engine.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The kernels in plain Java: the reference for {@link VectorKernels} and a fast fallback. */
final class ScalarKernels implements Kernels {
  /** Rows of C that {@link RowProduct} works on at a time, each an array of its own. */
  private final ThreadLocal<float[][]> rowScratch =
      ThreadLocal.withInitial(() -> new float[RowProduct.ROWS][0]);

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
    float[][] rows = own(packed).values;
    for (int k = 0; k < packed.rows(); k++) {
      if (transposed) {
        for (int j = 0; j < count; j++) {
          rows[k][column + j] = b[bOffset + j * ldb + k];
        }
      } else {
        System.arraycopy(b, bOffset + k * ldb, rows[k], column, count);
      }
    }
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
    float[][] target = own(packed).values;
    for (int k = 0; k < rows; k++) {
      System.arraycopy(b, bOffset + k * ldb, target[row + k], column, columns);
    }
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
    RowMatrix rows = own(b);
    for (int i = 0; i < m; i++) {
      int row = cOffset + i * ldc;
      if (bias == null) {
        Arrays.fill(c, row, row + b.columns(), 0f);
      } else {
        System.arraycopy(bias, 0, c, row, b.columns());
      }
    }
    add(m, a, aOffset, lda, rows, c, cOffset, ldc);
  }

  @Override
  public void gemmAdd(
      int m, float[] a, int aOffset, int lda, PackedMatrix b, float[] c, int cOffset, int ldc) {
    add(m, a, aOffset, lda, own(b), c, cOffset, ldc);
  }

  private void add(
      int m, float[] a, int aOffset, int lda, RowMatrix b, float[] c, int cOffset, int ldc) {
    float[][] scratch = rowScratch.get();
    for (int r = 0; r < scratch.length; r++) {
      if (scratch[r].length < b.columns()) {
        scratch[r] = new float[b.columns()];
      }
    }
    RowProduct.add(m, a, aOffset, lda, b, c, cOffset, ldc, scratch);
  }

  private static RowMatrix own(PackedMatrix packed) {
    if (packed instanceof RowMatrix rows) {
      return rows;
    }
    throw new IllegalArgumentException(
        "scalar kernels: expected a matrix packed by the scalar kernels, got one of other kernels");
  }

  @Override
  public void transpose(
      int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    Transpose.blocked(rows, columns, x, xOffset, ldx, y, yOffset, ldy);
  }

  @Override
  public void softmax(int rows, int columns, float[] x, int xOffset, int ldx) {
    for (int i = 0; i < rows; i++) {
      softmaxRow(columns, x, xOffset + i * ldx);
    }
  }

  private static void softmaxRow(int n, float[] x, int offset) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, x[offset + j]);
    }
    float sum = 0f;
    for (int j = 0; j < n; j++) {
      float e = ScalarMath.expOfNonPositive(x[offset + j] - max);
      x[offset + j] = e;
      sum += e;
    }
    float inverse = 1f / sum;
    for (int j = 0; j < n; j++) {
      x[offset + j] *= inverse;
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
      float @Nullable [] statistics) {
    for (int i = 0; i < rows; i++) {
      int from = offset + i * ldx;
      int to = yOffset + i * ldy;
      // Sums in double: the mean of a constant row is then exact, and epsilon 1e-12 forgives
      // nothing.
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        float s = residual == null ? x[from + j] : x[from + j] + residual[from + j];
        y[to + j] = s;
        sum += s;
      }
      double mean = sum / columns;
      double squares = 0;
      for (int j = 0; j < columns; j++) {
        double centred = y[to + j] - mean;
        squares += centred * centred;
      }
      float inverse = (float) (1 / Math.sqrt(squares / columns + epsilon));
      for (int j = 0; j < columns; j++) {
        y[to + j] = Math.fma((float) (y[to + j] - mean) * inverse, gamma[j], beta[j]);
      }
      if (statistics != null) {
        statistics[2 * i] = (float) mean;
        statistics[2 * i + 1] = inverse;
      }
    }
  }

  @Override
  public void layerNormBackward(
      int rows,
      int columns,
      float[] x,
      float[] statistics,
      float[] gamma,
      float[] dy,
      float[] dx,
      int offset,
      int ld) {
    for (int i = 0; i < rows; i++) {
      int row = offset + i * ld;
      float mean = statistics[2 * i];
      float inverse = statistics[2 * i + 1];
      double sum = 0;
      double product = 0;
      for (int j = 0; j < columns; j++) {
        float normalised = (x[row + j] - mean) * inverse;
        float g = dy[row + j] * gamma[j];
        sum += g;
        product += (double) g * normalised;
      }
      float meanGradient = (float) (sum / columns);
      float meanProduct = (float) (product / columns);
      for (int j = 0; j < columns; j++) {
        float normalised = (x[row + j] - mean) * inverse;
        float g = dy[row + j] * gamma[j];
        dx[row + j] += inverse * (g - meanGradient - normalised * meanProduct);
      }
    }
  }

  @Override
  public void gelu(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = ScalarMath.gelu(x[xOffset + i]);
    }
  }

  @Override
  public void geluBackward(
      int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
    for (int i = 0; i < n; i++) {
      dx[dxOffset + i] = dy[dyOffset + i] * ScalarMath.geluDerivative(x[xOffset + i]);
    }
  }

  @Override
  public void tanh(int n, float[] x, int xOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = ScalarMath.tanh(x[xOffset + i]);
    }
  }

  @Override
  public int attentionScratch(int tokens, int headSize) {
    return tokens;
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
    for (int h = 0; h < heads; h++) {
      for (int i = 0; i < tokens; i++) {
        int q = qOffset + i * ld + h * headSize;
        for (int j = 0; j < tokens; j++) {
          int k = kOffset + j * ld + h * headSize;
          float score = 0f;
          for (int d = 0; d < headSize; d++) {
            score = Math.fma(qkv[q + d], qkv[k + d] * scale, score);
          }
          scratch[j] = keyBias == null ? score : score + keyBias[keyBiasOffset + j];
        }
        softmaxRow(tokens, scratch, 0);
        int c = contextOffset + i * ldContext + h * headSize;
        Arrays.fill(context, c, c + headSize, 0f);
        for (int j = 0; j < tokens; j++) {
          int v = vOffset + j * ld + h * headSize;
          for (int d = 0; d < headSize; d++) {
            context[c + d] = Math.fma(scratch[j], qkv[v + d], context[c + d]);
          }
        }
      }
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

package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.vector.VectorMath.INTS;
import static ernie4j.engine.kernels.vector.VectorMath.L;
import static ernie4j.engine.kernels.vector.VectorMath.S;

import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.scalar.DropoutBits;
import ernie4j.engine.kernels.scalar.ScalarMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The functions of a {@link KernelTable} except products, on jdk.incubator.vector with the widest
 * vectors of the machine. Each has its twin in {@link
 * ernie4j.engine.kernels.scalar.ScalarProvider}'s table. Loops run over whole vectors and finish
 * the tail in plain Java: masked stores are slow on JDK 17 and on NEON.
 */
final class VectorFunctions {
  private VectorFunctions() {}

  private static final ThreadLocal<float[]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[PanelProduct.EDGE]);

  /** {@link KernelTable.Softmax}. */
  static final class Softmax implements KernelTable.Softmax {
    @Override
    public void run(int rows, int columns, float[] x, int xOffset, int ldx) {
      VectorSoftmax.rows(rows, columns, x, xOffset, ldx, SCRATCH.get());
    }
  }

  /** {@link KernelTable.LayerNorm}. */
  static final class LayerNorm implements KernelTable.LayerNorm {
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
      float[] lanes = SCRATCH.get();
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
  }

  /** {@link KernelTable.LayerNormBackward}. */
  static final class LayerNormBackward implements KernelTable.LayerNormBackward {
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
      float[] lanes = SCRATCH.get();
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
  }

  /** {@link KernelTable.Elementwise}. */
  static final class Gelu implements KernelTable.Elementwise {
    @Override
    public void run(int n, float[] x, int xOffset, float[] y, int yOffset) {
      int whole = n - n % L;
      VectorMath.gelu(whole, x, xOffset, y, yOffset);
      for (int i = whole; i < n; i++) {
        y[yOffset + i] = ScalarMath.gelu(x[xOffset + i]);
      }
    }
  }

  /** {@link KernelTable.ElementwiseBackward}. */
  static final class GeluBackward implements KernelTable.ElementwiseBackward {
    @Override
    public void run(
        int n, float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset) {
      int whole = n - n % L;
      float[] block = SCRATCH.get();
      for (int i = 0; i < whole; i += block.length) {
        int count = Math.min(block.length, whole - i);
        VectorMath.normalDensity(count, x, xOffset + i, block);
        VectorMath.geluBackward(count, x, xOffset + i, block, dy, dyOffset + i, dx, dxOffset + i);
      }
      for (int i = whole; i < n; i++) {
        dx[dxOffset + i] = dy[dyOffset + i] * ScalarMath.geluDerivative(x[xOffset + i]);
      }
    }
  }

  /** {@link KernelTable.Elementwise}. */
  static final class Tanh implements KernelTable.Elementwise {
    @Override
    public void run(int n, float[] x, int xOffset, float[] y, int yOffset) {
      int whole = n - n % L;
      VectorMath.tanh(whole, x, xOffset, y, yOffset);
      for (int i = whole; i < n; i++) {
        y[yOffset + i] = ScalarMath.tanh(x[xOffset + i]);
      }
    }
  }

  /** Attention on tiles. */
  record AttentionOnTiles(PanelFunction tiles) implements KernelTable.Attention {
    @Override
    public int scratch(int tokens, int headSize) {
      return VectorAttention.scratch(tokens, headSize);
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
        float[] work) {
      float[] sums = SCRATCH.get();
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
  }

  /** {@link KernelTable.Dropout}. */
  static final class Dropout implements KernelTable.Dropout {
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
      int whole = n - n % L;
      for (int i = 0; i < whole; i += L) {
        VectorMask<Integer> dropped =
            randomBits(index + i, low, high).compare(VectorOperators.LT, threshold);
        FloatVector scaled = FloatVector.fromArray(S, x, xOffset + i).mul(scale);
        VectorMath.floats(VectorMath.ints(scaled).blend(0, dropped)).intoArray(y, yOffset + i);
      }
      for (int i = whole; i < n; i++) {
        boolean survives = DropoutBits.bits(index + i, low, high) >= threshold;
        y[yOffset + i] = survives ? x[xOffset + i] * scale : 0f;
      }
    }
  }

  private static IntVector randomBits(int index, int low, int high) {
    IntVector h = IntVector.broadcast(INTS, index).addIndex(1).mul(DropoutBits.STEP).add(low);
    h =
        h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16))
            .mul(DropoutBits.MIX_1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 13));
    h = h.lanewise(VectorOperators.XOR, high).mul(DropoutBits.MIX_2);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
    return h.lanewise(VectorOperators.LSHR, 1);
  }

  /** {@link KernelTable.ColumnSums}. */
  static final class ColumnSums implements KernelTable.ColumnSums {
    @Override
    public void run(
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
}

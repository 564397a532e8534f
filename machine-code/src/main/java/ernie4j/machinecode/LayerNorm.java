package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Layer norm with {@link LayerNormCode}; may be shared between threads. */
final class LayerNorm {
  /** The two functions for a number of columns. */
  private record Functions(MemorySegment plain, MemorySegment withResidual) {}

  private final int bits;
  private final ExecutableMemory memory;
  private final Constants.Table constants;
  private final Map<Integer, Functions> functions = new ConcurrentHashMap<>();

  LayerNorm(int bits, ExecutableMemory memory, Constants.Table constants) {
    this.bits = bits;
    this.memory = memory;
    this.constants = constants;
  }

  /** Normalizes rows like {@link ernie4j.engine.kernels.KernelTable.LayerNorm}. */
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
      int ldy) {
    run(
        new Sizes(rows, columns, ldx, epsilon, ldy),
        Operands.matrix(x, offset, rows, columns, ldx),
        residual == null ? null : Operands.matrix(residual, offset, rows, columns, ldx),
        Operands.values(gamma, columns),
        Operands.values(beta, columns),
        Operands.matrix(y, yOffset, rows, columns, ldy));
  }

  /** The arguments of a call that are not operands. */
  record Sizes(int rows, int columns, int ldx, float epsilon, int ldy) {}

  /** {@link #run} with operands that start at their first value and end after their last one. */
  void run(
      Sizes sizes,
      MemorySegment x,
      @Nullable MemorySegment residual,
      MemorySegment gamma,
      MemorySegment beta,
      MemorySegment y) {
    Functions made = functions.computeIfAbsent(sizes.columns, this::assemble);
    MemorySegment function = residual == null ? made.plain : made.withResidual;
    int each = Math.max(1, Work.CONVERTED / sizes.columns);
    for (int row = 0; row < sizes.rows; row += each) {
      int count = Math.min(each, sizes.rows - row);
      long from = (long) row * sizes.ldx;
      long to = (long) row * sizes.ldy;
      NativeCall.call(
          function,
          Operands.part(x, from, count, sizes.columns, sizes.ldx),
          residual == null
              ? MemorySegment.NULL
              : Operands.part(residual, from, count, sizes.columns, sizes.ldx),
          gamma,
          beta,
          Operands.part(y, to, count, sizes.columns, sizes.ldy),
          MemorySegment.NULL,
          Operands.bytes(sizes.ldx),
          Operands.bytes(sizes.ldy),
          count,
          Float.floatToRawIntBits(sizes.epsilon),
          0,
          0);
    }
  }

  private Functions assemble(int columns) {
    long table = constants.address();
    return new Functions(
        memory.install(new LayerNormCode(bits, columns, false, table)::assemble),
        memory.install(new LayerNormCode(bits, columns, true, table)::assemble));
  }
}

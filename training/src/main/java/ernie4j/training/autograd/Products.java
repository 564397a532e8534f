package ernie4j.training.autograd;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products whose rows are distributed over threads. The bits of the results do not depend on
 * the split.
 */
final class Products {
  private Products() {}

  /** Rows of a tile. Parts that start at multiples of it leave no small remainders. */
  private static final int TILE_ROWS = 8;

  /**
   * A multiple of the columns of a panel for every vector width (64, 24, 16 or 12), so that two
   * threads never pack into the same panel.
   */
  private static final int PANEL_COLUMNS = 192;

  /** Packs B or its transpose; its columns are distributed over threads. */
  static void pack(
      Tape tape,
      float[] b,
      int offset,
      int ldb,
      boolean transposed,
      PackedMatrix to,
      int column,
      int n) {
    tape.parallel()
        .run(
            n,
            PANEL_COLUMNS,
            (part, from, end) ->
                tape.kernels()
                    .pack(
                        b,
                        offset + (transposed ? from * ldb : from),
                        ldb,
                        transposed,
                        to,
                        column + from,
                        end - from));
  }

  /** {@code C = A B + bias}, or {@code C += A B}. */
  static void multiply(
      Tape tape,
      int m,
      float[] a,
      int lda,
      PackedMatrix b,
      float @Nullable [] bias,
      boolean add,
      float[] c,
      int ldc) {
    tape.parallel()
        .run(
            m,
            TILE_ROWS,
            (part, from, to) -> {
              if (add) {
                tape.kernels()
                    .gemm(to - from, a, from * lda, lda, b, null, Epilogue.ADD, c, from * ldc, ldc);
              } else {
                tape.kernels()
                    .gemm(
                        to - from, a, from * lda, lda, b, bias, Epilogue.NONE, c, from * ldc, ldc);
              }
            });
  }

  /** The gradient {@code X += dY B} for packed B; it is stored or added, depending on X. */
  static void backpropagate(Tape tape, Variable x, float[] dy, int ldy, PackedMatrix b) {
    boolean add = x.hasGradient();
    if (!add) {
      x.adoptGradient(tape.buffer(x.size()));
    }
    multiply(tape, x.rows(), dy, ldy, b, null, add, x.gradient(), x.columns());
  }

  /** {@code X^T} in the tape's workspace, {@code [x.columns, x.rows]}. */
  static float[] transpose(Tape tape, float[] x, int rows, int columns) {
    float[] to = tape.productWorkspace().transposed(columns * leadingDimension(rows));
    tape.parallel()
        .run(
            columns,
            16,
            (part, from, end) ->
                tape.kernels()
                    .transpose(
                        rows,
                        end - from,
                        x,
                        from,
                        columns,
                        to,
                        from * leadingDimension(rows),
                        leadingDimension(rows)));
    return to;
  }

  /**
   * A row length that is not a multiple of 4 KiB, because eight such rows would share one cache
   * set.
   */
  static int leadingDimension(int n) {
    return n % 256 == 0 ? n + 16 : n;
  }
}

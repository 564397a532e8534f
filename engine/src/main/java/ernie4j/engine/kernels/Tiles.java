package ernie4j.engine.kernels;

import static ernie4j.engine.kernels.VectorMath.L;
import static ernie4j.engine.kernels.VectorMath.S;

/**
 * The shapes of the tiles of a matrix product. A tile keeps its sums in registers while it runs
 * over the whole length of the sums once. Wide and low tiles win: four vectors by four rows need
 * half a load for each multiply-add, and four rows of A stay in the first-level cache.
 *
 * <p>Machines with 32 vector registers (AVX-512, NEON, SVE) take tiles of four vectors, those with
 * 16 (AVX2) of three. The remainder of a matrix is one panel of fewer vectors.
 */
final class Tiles {
  private Tiles() {}

  private static final boolean MANY_REGISTERS =
      S.vectorBitSize() == 512 || System.getProperty("os.arch", "").equals("aarch64");

  /** Columns of a full panel. */
  static final int PANEL = (MANY_REGISTERS ? 4 : 3) * L;

  // The most rows of a tile of so many vectors; the sums leave room for B and one value of A.
  private static final int[] ROWS =
      MANY_REGISTERS ? new int[] {0, 8, 8, 4, 4} : new int[] {0, 8, 6, 4, 0};

  /** The columns that a panel at {@code column} of a matrix stores: whole vectors. */
  static int width(int column, int columns) {
    return Math.min(PANEL, (columns - column + L - 1) / L * L);
  }

  /**
   * One tile: {@code C [rows, width] = init + A B}, where a row of A has {@code n} values.
   *
   * @param width of the panel of B, a multiple of the vector length
   */
  private static void run(
      int width,
      int rows,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    if (width == 4 * L) {
      FourVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    } else if (width == 3 * L) {
      ThreeVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    } else if (width == 2 * L) {
      TwoVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    } else {
      OneVectorTiles.tile(rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
    }
  }

  /** All rows of C by one panel of B, in tiles of about the same height. */
  static void panel(
      int width,
      int rows,
      int n,
      float[] a,
      int a0,
      int lda,
      float[] b,
      int b0,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc) {
    int most = ROWS[width / L];
    int tiles = (rows + most - 1) / most;
    int low = rows / tiles;
    int higher = rows % tiles;
    for (int t = 0, i = 0; t < tiles; t++) {
      int height = t < higher ? low + 1 : low;
      run(
          width,
          height,
          n,
          a,
          a0 + i * lda,
          lda,
          b,
          b0,
          init,
          i0 + i * ldi,
          ldi,
          c,
          c0 + i * ldc,
          ldc);
      i += height;
    }
  }
}

package ernie4j.engine.kernels.vector;

import static ernie4j.engine.kernels.vector.VectorMath.L;

/**
 * The shapes of the tiles of a matrix product. A tile keeps its sums in registers while it runs
 * over the whole length of the sums once. Wide and low tiles win: four vectors by four rows need
 * half a load for each multiply-add, and four rows of A stay in the first-level cache. Their sizes
 * are those of {@link VectorPanels}.
 */
final class Tiles implements PanelFunction {
  /**
   * One tile: {@code C [rows, width] = init + A B}, where a row of A has {@code n} values.
   *
   * @param width of the panel of B, a multiple of the vector length
   */
  private static void tile(
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
  @Override
  public void run(
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
    int tiles = VectorPanels.tiles(width, rows);
    int low = rows / tiles;
    int higher = rows % tiles;
    for (int t = 0, i = 0; t < tiles; t++) {
      int height = t < higher ? low + 1 : low;
      tile(
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

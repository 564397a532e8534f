package ernie4j.engine.kernels;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * {@link Tiles} where they are compiled and {@link PlainTiles} where they are not yet: every size
 * of a tile is handed over by itself. Counts how much the plain ones had to do for each size, so
 * that the sizes that a model uses can come first. May be shared between threads.
 */
final class TileSwitch {
  private static final int ROWS = 9;

  private final AtomicIntegerArray ready = new AtomicIntegerArray(5 * ROWS);
  private final AtomicLongArray waiting = new AtomicLongArray(5 * ROWS);

  private static int index(int vectors, int rows) {
    return vectors * ROWS + rows;
  }

  /** From now on tiles of this size are computed on vectors. */
  void handOver(int vectors, int rows) {
    ready.set(index(vectors, rows), 1);
  }

  /** Multiply-adds that had to be done without tiles of this size. */
  long waiting(int vectors, int rows) {
    return waiting.get(index(vectors, rows));
  }

  /** A {@link PanelGemm.PanelProduct}. */
  void panel(
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
    int vectors = width / VectorPanels.LANES;
    int low = index(vectors, rows / tiles);
    int high = rows % tiles == 0 ? low : low + 1;
    if (ready.get(low) != 0 && ready.get(high) != 0) {
      Tiles.panel(width, rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
      return;
    }
    long work = (long) rows * n * width;
    waiting.getAndAdd(low, work);
    waiting.getAndAdd(high, work);
    PlainTiles.panel(width, rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
  }
}

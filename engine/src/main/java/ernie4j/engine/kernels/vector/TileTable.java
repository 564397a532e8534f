package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.KernelEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry for every size of a tile. C2 compiles each separately, so each is handed over
 * separately: {@link PlainTiles} at first, {@link Tiles} in the end.
 */
final class TileTable implements PanelFunction {
  private static final PanelFunction PLAIN = new PlainTiles();
  private static final PanelFunction VECTOR = new Tiles();

  private static final int ROWS = 9;

  private final List<KernelEntry<PanelFunction>> entries = new ArrayList<>();

  /**
   * Tiles on vectors.
   *
   * @param warming whether plain tiles stand in for them
   */
  TileTable(boolean warming) {
    for (int vectors = 0; vectors <= VectorPanels.VECTORS; vectors++) {
      for (int rows = 0; rows < ROWS; rows++) {
        String name = name(vectors, rows);
        entries.add(
            warming ? KernelEntry.warming(name, PLAIN, VECTOR) : KernelEntry.of(name, VECTOR));
      }
    }
  }

  /** A formatter would take longer than building the rest of the table. */
  @SuppressWarnings("UnnecessaryStringBuilder") // the first concatenation of a JVM takes as long
  private static String name(int vectors, int rows) {
    return new StringBuilder("tile of ")
        .append(rows)
        .append(" rows by ")
        .append(vectors)
        .append(" vectors")
        .toString();
  }

  KernelEntry<PanelFunction> entry(int vectors, int rows) {
    return entries.get(vectors * ROWS + rows);
  }

  /** All sizes, the widest and highest first. */
  List<KernelEntry<?>> all() {
    List<KernelEntry<?>> all = new ArrayList<>();
    for (int vectors = VectorPanels.VECTORS; vectors >= 1; vectors--) {
      for (int rows = VectorPanels.mostRows(vectors); rows >= 1; rows--) {
        all.add(entry(vectors, rows));
      }
    }
    return all;
  }

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
    int vectors = width / VectorPanels.LANES;
    int height = rows / tiles;
    long work = (long) rows * n * width;
    PanelFunction function = entry(vectors, height).use(work);
    if (rows % tiles != 0 && entry(vectors, height + 1).use(work) != function) {
      function = PLAIN;
    }
    function.run(width, rows, n, a, a0, lda, b, b0, init, i0, ldi, c, c0, ldc);
  }
}

package ernie4j.engine.kernels.vector;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** A product with a {@link PanelMatrix}: one panel after the other, so that B is read once. */
final class PanelProduct implements KernelTable.Product {
  /** Rows that go through the edge buffer at a time. */
  private static final int EDGE_ROWS = 8;

  /** Room for a few rows of any panel. */
  static final int EDGE = EDGE_ROWS * 64;

  private final PanelFunction tiles;
  private final KernelEntry<KernelTable.Elementwise> gelu;

  /** The buffer for the last panel if it is wider than the remaining columns of C. */
  private final ThreadLocal<float[]> edges = ThreadLocal.withInitial(() -> new float[EDGE]);

  /** The start values of products without bias; replaced by a longer array when needed. */
  private volatile float[] zeros = new float[64];

  PanelProduct(PanelFunction tiles, KernelEntry<KernelTable.Elementwise> gelu) {
    this.tiles = tiles;
    this.gelu = gelu;
  }

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
    PanelMatrix panels = (PanelMatrix) b;
    float[] edge = edges.get();
    boolean add = epilogue == Epilogue.ADD;
    float[] init = add ? c : bias == null ? zeros(panels.columns()) : bias;
    int i0 = add ? cOffset : 0;
    int ldi = add ? ldc : 0;
    for (int p = 0; p < panels.panels(); p++) {
      panel(p, m, a, aOffset, lda, panels, init, i0, ldi, c, cOffset, ldc, edge);
      if (epilogue == Epilogue.GELU) {
        // While this part of C is still in the first-level cache.
        int column = p * panels.width();
        int columns = Math.min(panels.width(), panels.columns() - column);
        gelu(m, columns, c, cOffset + column, ldc);
      }
    }
  }

  private void gelu(int rows, int columns, float[] c, int offset, int ldc) {
    KernelTable.Elementwise function = gelu.use(10L * rows * columns);
    for (int i = 0, at = offset; i < rows; i++, at += ldc) {
      function.run(columns, c, at, c, at);
    }
  }

  private float[] zeros(int n) {
    float[] enough = zeros;
    if (enough.length < n) {
      enough = new float[n];
      zeros = enough;
    }
    return enough;
  }

  private void panel(
      int p,
      int m,
      float[] a,
      int a0,
      int lda,
      PanelMatrix b,
      float[] init,
      int i0,
      int ldi,
      float[] c,
      int c0,
      int ldc,
      float[] edge) {
    int width = b.panelWidth(p);
    int column = p * b.width();
    int b0 = b.panelOffset(p);
    int n = b.rows();
    int columns = Math.min(width, b.columns() - column);
    int from = i0 + column;
    int to = c0 + column;
    if (columns == width) {
      tiles.run(width, m, n, a, a0, lda, b.values, b0, init, from, ldi, c, to, ldc);
      return;
    }
    for (int i = 0; i < m; i += EDGE_ROWS) {
      int rows = Math.min(EDGE_ROWS, m - i);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(init, from + (i + r) * ldi, edge, r * width, columns);
      }
      tiles.run(width, rows, n, a, a0 + i * lda, lda, b.values, b0, edge, 0, width, edge, 0, width);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(edge, r * width, c, to + (i + r) * ldc, columns);
      }
    }
  }
}

package ernie4j.engine.kernels;

/** A product with a {@link PanelMatrix}: one panel after the other, so that B is read once. */
final class PanelGemm {
  private PanelGemm() {}

  /** Rows that go through the edge buffer at a time. */
  private static final int EDGE_ROWS = 8;

  /** Room for a few rows of any panel. */
  static final int EDGE = EDGE_ROWS * 64;

  /** Computes the rows of C that belong to one panel of B; see {@link Tiles#panel}. */
  interface PanelProduct {
    void run(
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
        int ldc);
  }

  /**
   * {@code C = init + A B}.
   *
   * @param ldi 0 if every row starts from the same values (the bias), or the distance between rows
   * @param edge where the last panel is computed if it is wider than what is left of C
   */
  static void multiply(
      PanelProduct product,
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
    for (int p = 0; p < b.panels(); p++) {
      panel(product, p, m, a, a0, lda, b, init, i0, ldi, c, c0, ldc, edge);
    }
  }

  /** One panel of {@link #multiply}. */
  static void panel(
      PanelProduct product,
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
      product.run(width, m, n, a, a0, lda, b.values, b0, init, from, ldi, c, to, ldc);
      return;
    }
    for (int i = 0; i < m; i += EDGE_ROWS) {
      int rows = Math.min(EDGE_ROWS, m - i);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(init, from + (i + r) * ldi, edge, r * width, columns);
      }
      product.run(
          width, rows, n, a, a0 + i * lda, lda, b.values, b0, edge, 0, width, edge, 0, width);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(edge, r * width, c, to + (i + r) * ldc, columns);
      }
    }
  }
}

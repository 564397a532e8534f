package ernie4j.engine.kernels.vector;

/** Computes the rows of C that belong to one panel of B: {@code C [rows, width] = init + A B}. */
interface PanelFunction {
  /**
   * All rows.
   *
   * @param width of the panel, a multiple of the vector length
   * @param n values of a row of A, rows of B
   * @param ldi 0 if every row starts from the same values (the bias), or the distance between rows
   */
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

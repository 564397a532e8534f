package ernie4j.engine.kernels;

/**
 * The right-hand matrix B {@code [rows, columns]} of a product, stored the way one provider reads
 * it fastest. Made by {@link Kernels#newPackedMatrix}, filled by {@link Kernels#pack}, read by
 * {@link Kernels#gemm}; only the kernels that made it can use it. Once filled it may be read by
 * many threads.
 */
public sealed interface PackedMatrix permits PanelMatrix, RowMatrix {
  /** Rows of B: the length K of the sums. */
  int rows();

  /** Columns of B: the width N of the product. */
  int columns();

  /**
   * Gives the matrix another size and keeps the storage when it is large enough. The contents are
   * undefined until every column has been packed again.
   */
  void reshape(int rows, int columns);
}

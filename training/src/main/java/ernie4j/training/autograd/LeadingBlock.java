package ernie4j.training.autograd;

/**
 * Copies the leading rows and columns of a matrix to a smaller one, which layers keep a reference
 * to. The backward pass adds the gradient of the smaller matrix to the same part of the larger
 * one's.
 */
final class LeadingBlock {
  private LeadingBlock() {}

  private static final int ROWS = 32;

  static void apply(Tape tape, Variable full, Variable block) {
    if (block.rows() > full.rows() || block.columns() > full.columns()) {
      throw new IllegalArgumentException(
          "leadingBlock: expected a block of at most [%d, %d], got [%d, %d]"
              .formatted(full.rows(), full.columns(), block.rows(), block.columns()));
    }
    int n = block.columns();
    int ld = full.columns();
    tape.parallel()
        .run(
            block.rows(),
            ROWS,
            (part, from, to) -> {
              for (int i = from; i < to; i++) {
                System.arraycopy(full.value(), i * ld, block.value(), i * n, n);
              }
            });
    block.clearGradient();
    tape.record(
        () ->
            tape.parallel()
                .run(
                    block.rows(),
                    ROWS,
                    (part, from, to) -> {
                      for (int i = from; i < to; i++) {
                        addRow(block.gradient(), i * n, full.gradient(), i * ld, n);
                      }
                    }));
  }

  private static void addRow(float[] x, int xRow, float[] sum, int sumRow, int n) {
    for (int j = 0; j < n; j++) {
      sum[sumRow + j] += x[xRow + j];
    }
  }
}

package ernie4j.training.autograd;

import java.util.Objects;

/** Copies selected rows. The backward pass adds their gradients to the rows that they came from. */
final class RowSelection {
  private RowSelection() {}

  static Variable apply(Tape tape, Variable x, int[] indices) {
    int n = x.columns();
    Variable y = tape.result(indices.length, n, x.needsGradient());
    for (int i = 0; i < indices.length; i++) {
      int row = Objects.checkIndex(indices[i], x.rows());
      System.arraycopy(x.value(), row * n, y.value(), i * n, n);
    }
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            float[] dx = tape.gradientToAddTo(x);
            for (int i = 0; i < indices.length; i++) {
              for (int j = 0; j < n; j++) {
                dx[indices[i] * n + j] += y.gradient()[i * n + j];
              }
            }
          }
        });
    return y;
  }
}

package ernie4j.training.autograd;

import java.util.List;

/** Puts matrices with the same number of rows side by side. */
final class ColumnJoin {
  private ColumnJoin() {}

  static Variable apply(Tape tape, List<Variable> parts) {
    int rows = parts.get(0).rows();
    int columns = parts.stream().mapToInt(Variable::columns).sum();
    Variable y = tape.result(rows, columns, true);
    int column = 0;
    for (Variable part : parts) {
      int n = part.columns();
      copy(rows, n, part.value(), 0, n, y.value(), column, columns);
      column += n;
    }
    tape.record(() -> differentiate(tape, parts, y));
    return y;
  }

  private static void differentiate(Tape tape, List<Variable> parts, Variable y) {
    if (!y.hasGradient()) {
      return;
    }
    int column = 0;
    for (Variable part : parts) {
      int n = part.columns();
      float[] d = tape.buffer(part.size());
      copy(y.rows(), n, y.gradient(), column, y.columns(), d, 0, n);
      tape.addGradient(part, d);
      column += n;
    }
  }

  private static void copy(
      int rows, int n, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, xOffset + row * ldx, y, yOffset + row * ldy, n);
    }
  }
}

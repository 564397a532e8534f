package ernie4j.training.autograd;

/** Element-wise operations: GELU, tanh, dropout, residual addition, scaling. */
final class Activations {
  private Activations() {}

  private static final int GRAIN = 1024;

  static Variable gelu(Tape tape, Variable x) {
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient());
    tape.parallel()
        .run(
            x.size(),
            GRAIN,
            (part, from, to) -> tape.kernels().gelu(to - from, x.value(), from, y.value(), from));
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            float[] d = y.gradient();
            tape.parallel()
                .run(
                    x.size(),
                    GRAIN,
                    (part, from, to) ->
                        tape.kernels().geluBackward(to - from, x.value(), from, d, from, d, from));
            tape.addGradient(x, d);
          }
        });
    return y;
  }

  static Variable tanh(Tape tape, Variable x) {
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient());
    tape.kernels().tanh(x.size(), x.value(), 0, y.value(), 0);
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            float[] d = y.gradient();
            for (int i = 0; i < x.size(); i++) {
              d[i] *= 1 - y.value()[i] * y.value()[i];
            }
            tape.addGradient(x, d);
          }
        });
    return y;
  }

  static Variable dropout(Tape tape, Variable x, float probability) {
    float p = tape.effectiveDropout(probability);
    if (p == 0f) {
      return x;
    }
    long key = tape.nextDropoutKey();
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient());
    drop(tape, x.size(), x.value(), y.value(), p, key);
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            drop(tape, x.size(), y.gradient(), y.gradient(), p, key);
            tape.addGradient(x, y.gradient());
          }
        });
    return y;
  }

  private static void drop(Tape tape, int n, float[] x, float[] y, float p, long key) {
    tape.parallel()
        .run(
            n,
            GRAIN,
            (part, from, to) -> tape.kernels().dropout(to - from, x, from, y, from, p, key, from));
  }

  static Variable dropoutAdd(Tape tape, Variable x, Variable residual, float probability) {
    requireSameShape("dropoutAdd", x, residual);
    float p = tape.effectiveDropout(probability);
    long key = tape.nextDropoutKey();
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient() || residual.needsGradient());
    if (p > 0f) {
      drop(tape, x.size(), x.value(), y.value(), p, key);
    } else {
      System.arraycopy(x.value(), 0, y.value(), 0, x.size());
    }
    tape.parallel()
        .run(
            x.size(),
            GRAIN,
            (part, from, to) -> Elementwise.add(y.value(), residual.value(), from, to));
    tape.record(() -> differentiateSum(tape, x, residual, y, p, key));
    return y;
  }

  private static void differentiateSum(
      Tape tape, Variable x, Variable residual, Variable y, float p, long key) {
    if (!y.hasGradient()) {
      return;
    }
    if (x.needsGradient()) {
      float[] dx = tape.buffer(x.size());
      if (p > 0f) {
        drop(tape, x.size(), y.gradient(), dx, p, key);
      } else {
        System.arraycopy(y.gradient(), 0, dx, 0, x.size());
      }
      tape.addGradient(x, dx);
    }
    // Nothing reads y's gradient after this, so the residual may take the array itself.
    if (residual.needsGradient()) {
      tape.addGradient(residual, y.gradient());
    }
  }

  static Variable scale(Tape tape, Variable x, float factor) {
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient());
    Elementwise.scale(y.value(), x.value(), factor, 0, x.size());
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            Elementwise.scale(y.gradient(), y.gradient(), factor, 0, x.size());
            tape.addGradient(x, y.gradient());
          }
        });
    return y;
  }

  private static void requireSameShape(String operation, Variable a, Variable b) {
    if (a.rows() != b.rows() || a.columns() != b.columns()) {
      throw new IllegalArgumentException(
          "%s: expected two matrices of one shape, got [%d, %d] and [%d, %d]"
              .formatted(operation, a.rows(), a.columns(), b.rows(), b.columns()));
    }
  }
}

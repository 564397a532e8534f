package ernie4j.training.autograd;

/** Layer norm of every row; keeps mean and inverse deviation for the backward pass. */
final class LayerNormOperation {
  private LayerNormOperation() {}

  private static final int ROWS = 16;

  static Variable apply(Tape tape, Variable x, Variable gamma, Variable beta, float epsilon) {
    int n = x.columns();
    Variable y = tape.result(x.rows(), n, true);
    float[] statistics = tape.buffer(2 * x.rows());
    tape.kernels()
        .layerNorm(
            x.rows(),
            n,
            x.value(),
            null,
            0,
            n,
            gamma.value(),
            beta.value(),
            epsilon,
            y.value(),
            0,
            n,
            statistics);
    tape.record(() -> differentiate(tape, x, gamma, beta, y, statistics));
    return y;
  }

  private static void differentiate(
      Tape tape, Variable x, Variable gamma, Variable beta, Variable y, float[] statistics) {
    if (!y.hasGradient()) {
      return;
    }
    int n = x.columns();
    float[] dy = y.gradient();
    tape.parallel()
        .run(
            n,
            ROWS,
            (part, from, to) -> {
              addGammaGradient(x, statistics, dy, gamma.gradient(), from, to);
              tape.kernels().columnSums(x.rows(), to - from, dy, from, n, beta.gradient(), from);
            });
    if (x.needsGradient()) {
      float[] dx = tape.gradientToAddTo(x);
      tape.kernels()
          .layerNormBackward(x.rows(), n, x.value(), statistics, gamma.value(), dy, dx, 0, n);
    }
  }

  private static void addGammaGradient(
      Variable x, float[] statistics, float[] dy, float[] dgamma, int from, int to) {
    float[] values = x.value();
    for (int i = 0; i < x.rows(); i++) {
      int row = i * x.columns();
      float mean = statistics[2 * i];
      float inverse = statistics[2 * i + 1];
      for (int j = from; j < to; j++) {
        dgamma[j] += dy[row + j] * (values[row + j] - mean) * inverse;
      }
    }
  }
}

package ernie4j.training.autograd;

/** Layer norm of every row. It keeps mean and inverse deviation for the backward pass. */
final class LayerNormOperation {
  private LayerNormOperation() {}

  private static final int GRAIN = 16;

  static Variable apply(Tape tape, Variable x, Variable gamma, Variable beta, float epsilon) {
    int n = x.columns();
    Variable y = tape.result(x.rows(), n, true);
    float[] statistics = tape.buffer(2 * x.rows());
    tape.parallel()
        .run(
            x.rows(),
            GRAIN,
            (part, from, to) ->
                tape.kernels()
                    .layerNorm(
                        to - from,
                        n,
                        x.value(),
                        null,
                        from * n,
                        n,
                        gamma.value(),
                        beta.value(),
                        epsilon,
                        y.value(),
                        from * n,
                        n,
                        statistics,
                        2 * from));
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
            GRAIN,
            (part, from, to) -> {
              addGammaGradient(x, statistics, dy, gamma.gradient(), from, to);
              tape.kernels().columnSums(x.rows(), to - from, dy, from, n, beta.gradient(), from);
            });
    if (x.needsGradient()) {
      float[] dx = tape.gradientToAddTo(x);
      tape.parallel()
          .run(
              x.rows(),
              GRAIN,
              (part, from, to) ->
                  tape.kernels()
                      .layerNormBackward(
                          to - from,
                          n,
                          x.value(),
                          statistics,
                          2 * from,
                          gamma.value(),
                          dy,
                          dx,
                          from * n,
                          n));
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

package ernie4j.training.autograd;

import ernie4j.quant.AbsMax;
import ernie4j.quant.FakeQuantizer;

/** Quantization of activations with a straight-through gradient, and clipping before it. */
final class FakeQuantization {
  private FakeQuantization() {}

  private static final int GRAIN = 4096;

  /**
   * The number of values that one thread reduces at a time; fixed, so that no sum depends on the
   * number of threads.
   */
  private static final int CHUNK = 1 << 14;

  static Variable apply(Tape tape, Variable x, FakeQuantizer quantizer, float scale) {
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient());
    tape.parallel()
        .run(
            x.size(),
            GRAIN,
            (part, from, to) -> quantizer.apply(x.value(), y.value(), from, to, scale));
    tape.record(
        () -> {
          if (y.hasGradient() && x.needsGradient()) {
            tape.addGradient(x, y.gradient());
          }
        });
    return y;
  }

  static Variable clip(Tape tape, Variable x, Variable limit) {
    float a = limit.scalar();
    if (!(a >= 0)) {
      throw new IllegalArgumentException("clip: expected a limit of at least 0, got " + a);
    }
    Variable y = tape.result(x.rows(), x.columns(), x.needsGradient() || limit.needsGradient());
    tape.parallel()
        .run(x.size(), GRAIN, (part, from, to) -> clip(x.value(), y.value(), a, from, to));
    tape.record(() -> differentiateClip(tape, x, limit, y, a));
    return y;
  }

  private static void clip(float[] x, float[] y, float a, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(x[i], -a), a);
    }
  }

  private static void differentiateClip(
      Tape tape, Variable x, Variable limit, Variable y, float a) {
    if (!y.hasGradient()) {
      return;
    }
    float[] d = y.gradient();
    double[] sums = new double[chunks(x)];
    tape.parallel()
        .run(
            sums.length,
            1,
            (part, from, to) -> {
              for (int c = from; c < to; c++) {
                sums[c] = takeFromBeyond(x.value(), d, a, c * CHUNK, end(x, c));
              }
            });
    if (limit.needsGradient()) {
      double sum = 0;
      for (double s : sums) {
        sum += s;
      }
      tape.gradientToAddTo(limit)[0] += (float) sum;
    }
    if (x.needsGradient()) {
      tape.addGradient(x, d);
    }
  }

  /** Sets the gradient beyond the limit to zero and returns its sum with the sign of x. */
  private static double takeFromBeyond(float[] x, float[] d, float a, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      if (Math.abs(x[i]) > a) {
        sum += x[i] > 0 ? d[i] : -d[i];
        d[i] = 0f;
      }
    }
    return sum;
  }

  static float absMax(Tape tape, Variable x) {
    float[] max = new float[chunks(x)];
    tape.parallel()
        .run(
            max.length,
            1,
            (part, from, to) -> {
              for (int c = from; c < to; c++) {
                max[c] = AbsMax.of(x.value(), c * CHUNK, end(x, c) - c * CHUNK);
              }
            });
    return AbsMax.of(max, 0, max.length);
  }

  private static int chunks(Variable x) {
    return (x.size() + CHUNK - 1) / CHUNK;
  }

  private static int end(Variable x, int chunk) {
    return Math.min(x.size(), (chunk + 1) * CHUNK);
  }
}

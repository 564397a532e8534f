package ernie4j.training;

import java.nio.file.Path;

/** Stops a training that will not recover, before it replaces a good checkpoint. */
final class DivergenceGuard {
  /** A mean loss above this multiple of the first one, plus one, is no longer a fluctuation. */
  private static final double FACTOR = 3;

  private DivergenceGuard() {}

  /**
   * Checks a step.
   *
   * @param norm of the gradients
   * @throws ArithmeticException if loss or gradients are not finite
   */
  static void checkStep(long step, double loss, double norm, Path folder) {
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new ArithmeticException(
          "Training diverged: at step %d the loss is %s and the norm of the gradients %s; %s"
              .formatted(step, loss, norm, advice(folder)));
    }
  }

  /**
   * Checks the mean loss since the last evaluation.
   *
   * @throws ArithmeticException if it is far above that before the first evaluation
   */
  static void checkMean(long step, double loss, TrainingHistory history, Path folder) {
    if (history.evaluations().isEmpty()) {
      return;
    }
    double first = history.evaluations().get(0).loss();
    if (loss > FACTOR * Math.max(0, first) + 1) {
      throw new ArithmeticException(
          "Training diverged: at step %d the mean loss since the last evaluation is %.4g, it began with %.4g; %s"
              .formatted(step, loss, first, advice(folder)));
    }
  }

  private static String advice(Path folder) {
    return "try a smaller learning rate, a longer warm-up or a smaller limit of the gradient norm, in another folder. The best model and the last good checkpoint stay in "
        + folder;
  }
}

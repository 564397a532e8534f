package ernie4j.training.optimizer;

/** The learning rate of every optimizer step, counted from 0. */
public interface LearningRateSchedule {
  /** The learning rate of a step. */
  double at(long step);

  /**
   * Rises linearly from 0 to {@code base} over the warm-up steps, then falls linearly to 0 at
   * {@code totalSteps}. With a warm-up the first step has learning rate 0, as in the reference.
   */
  static LearningRateSchedule linear(double base, long warmupSteps, long totalSteps) {
    return step ->
        step < warmupSteps
            ? base * step / Math.max(1, warmupSteps)
            : base
                * Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
  }

  /** The same rate for every step. */
  static LearningRateSchedule constant(double base) {
    return step -> base;
  }

  /** The number of warm-up steps for a share of all steps, rounded down. */
  static long warmupSteps(double ratio, long totalSteps) {
    return (long) (ratio * totalSteps);
  }
}

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

  /**
   * Rises as {@link #linear}, then falls along half a period of the cosine: slowly at first and at
   * the end, {@code base (1 + cos(pi progress)) / 2}.
   */
  static LearningRateSchedule cosine(double base, long warmupSteps, long totalSteps) {
    return step -> {
      if (step < warmupSteps) {
        return base * step / Math.max(1, warmupSteps);
      }
      double progress = (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return base * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
    };
  }

  /** Rises as {@link #linear}, then stays. */
  static LearningRateSchedule constant(double base, long warmupSteps) {
    return step -> step < warmupSteps ? base * step / Math.max(1, warmupSteps) : base;
  }

  /** What happens after the warm-up. */
  enum Shape {
    /** See {@link LearningRateSchedule#linear}. */
    LINEAR,
    /** See {@link LearningRateSchedule#cosine}. */
    COSINE,
    /** See {@link LearningRateSchedule#constant}. */
    CONSTANT;

    /** The schedule of this shape. */
    public LearningRateSchedule schedule(double base, long warmupSteps, long totalSteps) {
      return switch (this) {
        case LINEAR -> linear(base, warmupSteps, totalSteps);
        case COSINE -> cosine(base, warmupSteps, totalSteps);
        case CONSTANT -> constant(base, warmupSteps);
      };
    }
  }

  /** The number of warm-up steps for a share of all steps, rounded down. */
  static long warmupSteps(double ratio, long totalSteps) {
    return (long) (ratio * totalSteps);
  }
}

package ernie4j.training.optimizer;

/** The learning rate of every optimizer step, counted from 0. */
public interface LearningRateSchedule {
  /**
   * Computes the learning rate of a step.
   *
   * @param step the optimizer step, counted from 0
   * @return the learning rate, at least 0
   */
  double at(long step);

  /**
   * A rate that rises linearly from 0 to {@code base} over the warm-up steps and then falls
   * linearly to 0 at {@code totalSteps}. With a warm-up, the first step has learning rate 0, as in
   * the reference.
   *
   * @param base the highest learning rate
   * @param warmupSteps the number of steps in which it rises; may be 0
   * @param totalSteps the number of all steps
   * @return the schedule
   */
  static LearningRateSchedule linear(double base, long warmupSteps, long totalSteps) {
    return step ->
        step < warmupSteps
            ? base * step / Math.max(1, warmupSteps)
            : base
                * Math.max(0, (double) (totalSteps - step) / Math.max(1, totalSteps - warmupSteps));
  }

  /**
   * A rate that rises as in {@link #linear} and then falls along half a period of the cosine,
   * slowly at first and at the end: {@code base (1 + cos(pi progress)) / 2}.
   *
   * @param base the highest learning rate
   * @param warmupSteps the number of steps in which it rises; may be 0
   * @param totalSteps the number of all steps
   * @return the schedule
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

  /**
   * A rate that rises as in {@link #linear} and then stays.
   *
   * @param base the highest learning rate
   * @param warmupSteps the number of steps in which it rises; may be 0
   * @return the schedule
   */
  static LearningRateSchedule constant(double base, long warmupSteps) {
    return step -> step < warmupSteps ? base * step / Math.max(1, warmupSteps) : base;
  }

  /** The course of the learning rate after the warm-up. */
  enum Shape {
    /** Linear decay, see {@link LearningRateSchedule#linear}. */
    LINEAR,
    /** Cosine decay, see {@link LearningRateSchedule#cosine}. */
    COSINE,
    /** No decay, see {@link LearningRateSchedule#constant}. */
    CONSTANT;

    /**
     * Creates the schedule of this shape.
     *
     * @param base the highest learning rate
     * @param warmupSteps the number of steps in which it rises; may be 0
     * @param totalSteps the number of all steps
     * @return the schedule
     */
    public LearningRateSchedule schedule(double base, long warmupSteps, long totalSteps) {
      return switch (this) {
        case LINEAR -> linear(base, warmupSteps, totalSteps);
        case COSINE -> cosine(base, warmupSteps, totalSteps);
        case CONSTANT -> constant(base, warmupSteps);
      };
    }
  }

  /**
   * Computes the number of warm-up steps, rounded down.
   *
   * @param ratio the share of all steps, in [0, 1]
   * @param totalSteps the number of all steps
   * @return the number of steps in which the learning rate rises
   */
  static long warmupSteps(double ratio, long totalSteps) {
    return (long) (ratio * totalSteps);
  }
}

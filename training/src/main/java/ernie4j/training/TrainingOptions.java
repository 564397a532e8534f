package ernie4j.training;

import ernie4j.training.optimizer.LearningRateSchedule;

/**
 * How to train; the defaults of {@link #defaults} are the reference's fine-tuning recipe.
 *
 * @param epochs passes over the training examples
 * @param batchSize examples per batch; the last batch of an epoch may be smaller
 * @param learningRate the highest learning rate
 * @param warmupRatio share of all steps in which the learning rate rises from 0
 * @param weightDecay decoupled weight decay of AdamW
 * @param maxGradientNorm gradients are scaled down to this global norm
 * @param evaluateEvery optimizer steps between two evaluations; the last step is always evaluated
 * @param seed of the order of the examples and of dropout
 * @param maxSteps the training ends here if the epochs would last longer
 * @param beta2 decay of AdamW's running squares
 * @param schedule how the learning rate goes on after the warm-up
 * @param accumulation batches per optimizer step: their gradients are added up as if they were one
 *     batch
 * @param maxTokens a batch also ends before it would have more tokens than this; 0 for no limit.
 *     There is no padding, so a mix of short and long texts costs nothing
 * @param patience evaluations without a new best one after which the training ends early; 0 for
 *     never
 * @param saveLimit checkpoints to keep, the newest and, among them if above 1, that of the best
 *     evaluation
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    double learningRate,
    double warmupRatio,
    double weightDecay,
    double maxGradientNorm,
    int evaluateEvery,
    long seed,
    long maxSteps,
    double beta2,
    LearningRateSchedule.Shape schedule,
    int accumulation,
    int maxTokens,
    int patience,
    int saveLimit) {

  /**
   * Linear decay, one batch per step, no limit of tokens, no early stop and the newest checkpoint.
   */
  public TrainingOptions(
      int epochs,
      int batchSize,
      double learningRate,
      double warmupRatio,
      double weightDecay,
      double maxGradientNorm,
      int evaluateEvery,
      long seed,
      long maxSteps,
      double beta2) {
    this(
        epochs,
        batchSize,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        maxSteps,
        beta2,
        LearningRateSchedule.Shape.LINEAR,
        1,
        0,
        0,
        1);
  }

  /** A training of all epochs with the usual beta2 of 0.999. */
  public TrainingOptions(
      int epochs,
      int batchSize,
      double learningRate,
      double warmupRatio,
      double weightDecay,
      double maxGradientNorm,
      int evaluateEvery,
      long seed) {
    this(
        epochs,
        batchSize,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        Long.MAX_VALUE,
        0.999);
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one makes no sense
   */
  public TrainingOptions {
    require(epochs >= 1, "epochs", "at least 1", epochs);
    require(batchSize >= 1, "batchSize", "at least 1", batchSize);
    require(learningRate > 0, "learningRate", "above 0", learningRate);
    require(warmupRatio >= 0 && warmupRatio <= 1, "warmupRatio", "in [0, 1]", warmupRatio);
    require(weightDecay >= 0, "weightDecay", "from 0 on", weightDecay);
    require(maxGradientNorm > 0, "maxGradientNorm", "above 0", maxGradientNorm);
    require(evaluateEvery >= 1, "evaluateEvery", "at least 1", evaluateEvery);
    require(maxSteps >= 1, "maxSteps", "at least 1", maxSteps);
    require(beta2 >= 0 && beta2 < 1, "beta2", "in [0, 1)", beta2);
    require(accumulation >= 1, "accumulation", "at least 1", accumulation);
    require(maxTokens >= 0, "maxTokens", "from 0 on", maxTokens);
    require(patience >= 0, "patience", "from 0 on", patience);
    require(saveLimit >= 1, "saveLimit", "at least 1", saveLimit);
  }

  /**
   * The options as text for checkpoints. What came later is left out where it has its first value,
   * so that checkpoints from before still fit.
   */
  String settings() {
    return toString()
        .replace(", schedule=LINEAR, accumulation=1, maxTokens=0, patience=0, saveLimit=1", "");
  }

  private static void require(boolean condition, String name, String expected, Object got) {
    if (!condition) {
      throw new IllegalArgumentException(
          "TrainingOptions: %s: expected a number %s, got %s".formatted(name, expected, got));
    }
  }

  /** Six epochs, batches of 64, learning rate 5e-5, warm-up 0.1, decay 0.01, norm 1, seed 42. */
  public static TrainingOptions defaults() {
    return new TrainingOptions(6, 64, 5e-5, 0.1, 0.01, 1.0, 100, 42);
  }

  /** These options with another number of epochs. */
  public TrainingOptions withEpochs(int count) {
    return new TrainingOptions(
        count,
        batchSize,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        maxSteps,
        beta2,
        schedule,
        accumulation,
        maxTokens,
        patience,
        saveLimit);
  }

  /**
   * These options with other batches.
   *
   * @param size examples per batch
   * @param tokens most tokens per batch; 0 for no limit
   * @param perStep batches per optimizer step
   */
  public TrainingOptions withBatches(int size, int tokens, int perStep) {
    return new TrainingOptions(
        epochs,
        size,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        maxSteps,
        beta2,
        schedule,
        perStep,
        tokens,
        patience,
        saveLimit);
  }

  /** These options with another highest learning rate and another way from there. */
  public TrainingOptions withLearningRate(double highest, LearningRateSchedule.Shape shape) {
    return new TrainingOptions(
        epochs,
        batchSize,
        highest,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        maxSteps,
        beta2,
        shape,
        accumulation,
        maxTokens,
        patience,
        saveLimit);
  }

  /**
   * These options with other ends.
   *
   * @param steps the training ends here if the epochs would last longer
   * @param evaluations without a new best one after which it ends early; 0 for never
   */
  public TrainingOptions withEnd(long steps, int evaluations) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        evaluateEvery,
        seed,
        steps,
        beta2,
        schedule,
        accumulation,
        maxTokens,
        evaluations,
        saveLimit);
  }

  /**
   * These options with another rhythm of evaluations, each followed by a checkpoint.
   *
   * @param steps optimizer steps from one to the next
   * @param checkpoints to keep
   */
  public TrainingOptions withEvaluations(int steps, int checkpoints) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        warmupRatio,
        weightDecay,
        maxGradientNorm,
        steps,
        seed,
        maxSteps,
        beta2,
        schedule,
        accumulation,
        maxTokens,
        patience,
        checkpoints);
  }
}

package ernie4j.training;

/**
 * How to train; the defaults of {@link #defaults} are the reference's fine-tuning recipe.
 *
 * @param epochs passes over the training examples
 * @param batchSize examples per optimizer step; the last batch of an epoch may be smaller
 * @param learningRate the highest learning rate
 * @param warmupRatio share of all steps in which the learning rate rises from 0
 * @param weightDecay decoupled weight decay of AdamW
 * @param maxGradientNorm gradients are scaled down to this global norm
 * @param evaluateEvery optimizer steps between two evaluations; the last step is always evaluated
 * @param seed of the order of the examples and of dropout
 * @param maxSteps the training ends here if the epochs would last longer
 * @param beta2 decay of AdamW's running squares
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
    double beta2) {

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

  /** Optimizer steps in one pass over the examples. */
  public long stepsPerEpoch(int examples) {
    return (examples + batchSize - 1L) / batchSize;
  }

  /** Optimizer steps of the whole training. */
  public long totalSteps(int examples) {
    return Math.min(maxSteps, stepsPerEpoch(examples) * epochs);
  }
}

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
 * @param evaluateEvery optimizer steps between two evaluations; 0 for one every epoch, and for one
 *     every {@value #MOST_STEPS} steps where epochs are longer. The last step is always evaluated
 * @param seed determines the order of the examples and dropout
 * @param maxSteps the training ends after this many optimizer steps if the epochs would last longer
 * @param beta2 decay of AdamW's running squares
 * @param schedule how the learning rate changes after the warm-up
 * @param accumulation batches per optimizer step; their gradients are added up as if they were one
 *     batch
 * @param maxTokens a batch also ends before it would exceed this number of tokens; 0 for no limit.
 *     There is no padding, so a mix of short and long texts costs nothing
 * @param patience evaluations without a new best one after which the training ends early; 0 to
 *     never end early
 * @param saveLimit checkpoints to keep, at least 1: the newest ones and, if there may be several,
 *     the one of the best evaluation
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
  /** The most steps between two evaluations unless {@code evaluateEvery} is set. */
  static final int MOST_STEPS = 100;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public TrainingOptions {
    require(epochs >= 1, "epochs", "of at least 1", epochs);
    require(batchSize >= 1, "batchSize", "of at least 1", batchSize);
    require(learningRate > 0, "learningRate", "above 0", learningRate);
    require(warmupRatio >= 0 && warmupRatio <= 1, "warmupRatio", "in [0, 1]", warmupRatio);
    require(weightDecay >= 0, "weightDecay", "of at least 0", weightDecay);
    require(maxGradientNorm > 0, "maxGradientNorm", "above 0", maxGradientNorm);
    require(evaluateEvery >= 0, "evaluateEvery", "of at least 0", evaluateEvery);
    require(maxSteps >= 1, "maxSteps", "of at least 1", maxSteps);
    require(beta2 >= 0 && beta2 < 1, "beta2", "in [0, 1)", beta2);
    require(accumulation >= 1, "accumulation", "of at least 1", accumulation);
    require(maxTokens >= 0, "maxTokens", "of at least 0", maxTokens);
    require(patience >= 0, "patience", "of at least 0", patience);
    require(saveLimit >= 1, "saveLimit", "of at least 1", saveLimit);
  }

  /**
   * Optimizer steps between two evaluations of a training.
   *
   * @param stepsPerEpoch the mean over the epochs
   */
  int evaluationInterval(double stepsPerEpoch) {
    return evaluateEvery > 0
        ? evaluateEvery
        : (int) Math.max(1, Math.min(MOST_STEPS, Math.round(stepsPerEpoch)));
  }

  /** The options as text for checkpoints, without those that say when the training ends. */
  String settings() {
    return toString().replaceAll("(epochs|maxSteps)=[0-9]+, ", "");
  }

  private static void require(boolean condition, String name, String expected, Object got) {
    if (!condition) {
      throw new IllegalArgumentException(
          "TrainingOptions: %s: expected a number %s, got %s".formatted(name, expected, got));
    }
  }

  /**
   * {@return the options of the reference: six epochs, batches of 64, learning rate 5e-5, warm-up
   * 0.1, decay 0.01, norm 1, seed 42}
   */
  public static TrainingOptions defaults() {
    return builder().build();
  }

  /** {@return a builder that starts with the values of {@link #defaults}} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder that starts with these values} */
  public Builder toBuilder() {
    return new Builder()
        .epochs(epochs)
        .batchSize(batchSize)
        .learningRate(learningRate)
        .warmupRatio(warmupRatio)
        .weightDecay(weightDecay)
        .maxGradientNorm(maxGradientNorm)
        .evaluateEvery(evaluateEvery)
        .seed(seed)
        .maxSteps(maxSteps)
        .beta2(beta2)
        .schedule(schedule)
        .accumulation(accumulation)
        .maxTokens(maxTokens)
        .patience(patience)
        .saveLimit(saveLimit);
  }

  /**
   * Collects options by name. An option that is not set keeps its value. {@link #build} checks them
   * all.
   */
  public static final class Builder {
    private int epochs = 6;
    private int batchSize = 64;
    private double learningRate = 5e-5;
    private double warmupRatio = 0.1;
    private double weightDecay = 0.01;
    private double maxGradientNorm = 1.0;
    private int evaluateEvery = 0;
    private long seed = 42;
    private long maxSteps = Long.MAX_VALUE;
    private double beta2 = 0.999;
    private LearningRateSchedule.Shape schedule = LearningRateSchedule.Shape.LINEAR;
    private int accumulation = 1;
    private int maxTokens = 0;
    private int patience = 0;
    private int saveLimit = 1;

    private Builder() {}

    /**
     * Sets the number of passes over the training examples.
     *
     * @param value at least 1; 6 by default
     * @return this builder
     */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /**
     * Sets the number of examples per batch.
     *
     * @param value at least 1; 64 by default
     * @return this builder
     */
    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    /**
     * Sets the highest learning rate.
     *
     * @param value above 0; 5e-5 by default
     * @return this builder
     */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /**
     * Sets the share of all steps in which the learning rate rises from 0.
     *
     * @param value in [0, 1]; 0.1 by default
     * @return this builder
     */
    public Builder warmupRatio(double value) {
      warmupRatio = value;
      return this;
    }

    /**
     * Sets the decoupled weight decay of AdamW.
     *
     * @param value at least 0; 0.01 by default
     * @return this builder
     */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /**
     * Sets the global norm that gradients are scaled down to.
     *
     * @param value above 0; 1 by default
     * @return this builder
     */
    public Builder maxGradientNorm(double value) {
      maxGradientNorm = value;
      return this;
    }

    /**
     * Sets the optimizer steps between two evaluations.
     *
     * @param value at least 0; 0, the default, for one every epoch, and several in long epochs
     * @return this builder
     */
    public Builder evaluateEvery(int value) {
      evaluateEvery = value;
      return this;
    }

    /**
     * Sets the seed of the order of the examples and of dropout.
     *
     * @param value any number; 42 by default
     * @return this builder
     */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /**
     * Sets the optimizer steps after which the training ends if the epochs would last longer.
     *
     * @param value at least 1; no limit by default
     * @return this builder
     */
    public Builder maxSteps(long value) {
      maxSteps = value;
      return this;
    }

    /**
     * Sets the decay of AdamW's running squares.
     *
     * @param value in [0, 1); 0.999 by default
     * @return this builder
     */
    public Builder beta2(double value) {
      beta2 = value;
      return this;
    }

    /**
     * Sets how the learning rate changes after the warm-up.
     *
     * @param value linear to 0 by default
     * @return this builder
     */
    public Builder schedule(LearningRateSchedule.Shape value) {
      schedule = value;
      return this;
    }

    /**
     * Sets the number of batches per optimizer step.
     *
     * @param value at least 1; 1 by default
     * @return this builder
     */
    public Builder accumulation(int value) {
      accumulation = value;
      return this;
    }

    /**
     * Sets the largest number of tokens of a batch.
     *
     * @param value at least 0; 0, the default, for no limit
     * @return this builder
     */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /**
     * Sets the number of evaluations without a new best one that end the training.
     *
     * @param value at least 0; 0, the default, to never end it early
     * @return this builder
     */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /**
     * Sets how many checkpoints are kept.
     *
     * @param value at least 1; 1 by default
     * @return this builder
     */
    public Builder saveLimit(int value) {
      saveLimit = value;
      return this;
    }

    /**
     * Builds the options.
     *
     * @return options with the values set so far
     * @throws IllegalArgumentException if a value is out of range
     */
    public TrainingOptions build() {
      return new TrainingOptions(
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
          schedule,
          accumulation,
          maxTokens,
          patience,
          saveLimit);
    }
  }
}

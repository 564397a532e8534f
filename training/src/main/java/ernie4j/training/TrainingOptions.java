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
 * @param evaluateEvery optimizer steps between two evaluations; 0 for one every epoch, and every
 *     {@value #MOST_STEPS} steps where epochs are longer. The last step is always evaluated
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
  /** The most steps between two evaluations if nothing else is said. */
  static final int MOST_STEPS = 100;

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
    require(evaluateEvery >= 0, "evaluateEvery", "from 0 on", evaluateEvery);
    require(maxSteps >= 1, "maxSteps", "at least 1", maxSteps);
    require(beta2 >= 0 && beta2 < 1, "beta2", "in [0, 1)", beta2);
    require(accumulation >= 1, "accumulation", "at least 1", accumulation);
    require(maxTokens >= 0, "maxTokens", "from 0 on", maxTokens);
    require(patience >= 0, "patience", "from 0 on", patience);
    require(saveLimit >= 1, "saveLimit", "at least 1", saveLimit);
  }

  /**
   * Optimizer steps between two evaluations of a training.
   *
   * @param stepsPerEpoch the mean over its epochs
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

  /** Six epochs, batches of 64, learning rate 5e-5, warm-up 0.1, decay 0.01, norm 1, seed 42. */
  public static TrainingOptions defaults() {
    return builder().build();
  }

  /** Starts from the values of {@link #defaults}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these values. */
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

  /** Collects options by name; what is not named keeps its value. {@link #build} checks them. */
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

    /** Passes over the training examples. */
    public Builder epochs(int value) {
      epochs = value;
      return this;
    }

    /** Examples per batch. */
    public Builder batchSize(int value) {
      batchSize = value;
      return this;
    }

    /** The highest learning rate. */
    public Builder learningRate(double value) {
      learningRate = value;
      return this;
    }

    /** Share of all steps in which the learning rate rises from 0. */
    public Builder warmupRatio(double value) {
      warmupRatio = value;
      return this;
    }

    /** Decoupled weight decay of AdamW. */
    public Builder weightDecay(double value) {
      weightDecay = value;
      return this;
    }

    /** Gradients are scaled down to this global norm. */
    public Builder maxGradientNorm(double value) {
      maxGradientNorm = value;
      return this;
    }

    /** Optimizer steps between two evaluations; 0 for one every epoch, of long ones several. */
    public Builder evaluateEvery(int value) {
      evaluateEvery = value;
      return this;
    }

    /** Of the order of the examples and of dropout. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** The training ends here if the epochs would last longer. */
    public Builder maxSteps(long value) {
      maxSteps = value;
      return this;
    }

    /** Decay of AdamW's running squares. */
    public Builder beta2(double value) {
      beta2 = value;
      return this;
    }

    /** How the learning rate goes on after the warm-up. */
    public Builder schedule(LearningRateSchedule.Shape value) {
      schedule = value;
      return this;
    }

    /** Batches per optimizer step. */
    public Builder accumulation(int value) {
      accumulation = value;
      return this;
    }

    /** Most tokens of a batch; 0 for no limit. */
    public Builder maxTokens(int value) {
      maxTokens = value;
      return this;
    }

    /** Evaluations without a new best one that end the training; 0 for never. */
    public Builder patience(int value) {
      patience = value;
      return this;
    }

    /** Checkpoints to keep. */
    public Builder saveLimit(int value) {
      saveLimit = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value makes no sense
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

package ernie4j.cli.option;

import ernie4j.training.TrainingOptions;
import ernie4j.training.optimizer.LearningRateSchedule;
import picocli.CommandLine.Option;

/** The options that fine-tuning and compression share, with the reference's defaults. */
public final class TrainingFlags {
  @Option(
      names = "--batch-size",
      converter = Range.Count.class,
      defaultValue = "64",
      description = "Default: ${DEFAULT-VALUE}.")
  int batchSize;

  @Option(
      names = "--weight-decay",
      converter = Range.NotNegative.class,
      defaultValue = "0.01",
      description = "Default: ${DEFAULT-VALUE}.")
  double weightDecay;

  @Option(
      names = "--warmup-ratio",
      converter = Range.Share.class,
      defaultValue = "0.1",
      description = "Default: ${DEFAULT-VALUE}.")
  double warmupRatio;

  @Option(
      names = "--max-grad-norm",
      converter = Range.Norm.class,
      defaultValue = "1.0",
      description =
          "Clip gradients to this norm; Infinity for no clipping (default: ${DEFAULT-VALUE}).")
  double maxGradNorm;

  @Option(
      names = "--dropout",
      converter = Range.Dropout.class,
      defaultValue = "0.1",
      description = "Default: ${DEFAULT-VALUE}.")
  float dropout;

  @Option(
      names = "--eval-steps",
      converter = Range.Count.class,
      description =
          "Optimizer steps between evaluations; each evaluation writes a checkpoint (default: one epoch, at most 100 steps).")
  int evalSteps;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--lr-scheduler",
      description =
          "${COMPLETION-CANDIDATES}: how the learning rate develops after the warm-up (default: linear).")
  LearningRateSchedule.Shape schedule = LearningRateSchedule.Shape.LINEAR;

  @Option(
      names = "--gradient-accumulation-steps",
      converter = Range.Count.class,
      description = "Batches per optimizer step (default: 1).")
  int accumulation = 1;

  @Option(
      names = "--max-batch-tokens",
      converter = Range.CountOrNone.class,
      description = "The most tokens in a batch; there is no padding (default: no limit).")
  int maxBatchTokens;

  @Option(
      names = "--max-steps",
      converter = Range.Steps.class,
      description = "Stop after this many optimizer steps, even if the epochs are not over.")
  long maxSteps = Long.MAX_VALUE;

  @Option(
      names = "--early-stopping-patience",
      converter = Range.CountOrNone.class,
      description = "Stop after this many evaluations without a better metric (default: 0, never).")
  int patience;

  @Option(
      names = "--save-total-limit",
      converter = Range.Count.class,
      description =
          "Checkpoints to keep: the newest one and, if more than 1, that of the best evaluation and earlier ones (default: 1).")
  int saveLimit = 1;

  /** Sets the default of the steps between evaluations. */
  public void usuallyEvaluateEvery(int steps) {
    evalSteps = evalSteps == 0 ? steps : evalSteps;
  }

  public long seed() {
    return seed;
  }

  /** The probability of all dropouts. */
  public float dropout() {
    return dropout;
  }

  /** The training options, without dropout. */
  public TrainingOptions options(int epochs, double learningRate) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .batchSize(batchSize)
        .learningRate(learningRate)
        .warmupRatio(warmupRatio)
        .weightDecay(weightDecay)
        .maxGradientNorm(maxGradNorm)
        .evaluateEvery(evalSteps)
        .seed(seed)
        .maxSteps(maxSteps)
        .schedule(schedule)
        .accumulation(accumulation)
        .maxTokens(maxBatchTokens)
        .patience(patience)
        .saveLimit(saveLimit)
        .build();
  }
}

package ernie4j.cli;

import ernie4j.training.TrainingOptions;
import picocli.CommandLine.Option;

/** The options that fine-tuning and compression have in common, with the reference's defaults. */
final class TrainingFlags {
  @Option(
      names = "--per-device-train-batch-size",
      defaultValue = "64",
      description = "Default: ${DEFAULT-VALUE}.")
  int batchSize;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.01",
      description = "Default: ${DEFAULT-VALUE}.")
  double weightDecay;

  @Option(
      names = "--warmup-ratio",
      defaultValue = "0.1",
      description = "Default: ${DEFAULT-VALUE}.")
  double warmupRatio;

  @Option(
      names = "--max-grad-norm",
      defaultValue = "1.0",
      description = "Default: ${DEFAULT-VALUE}.")
  double maxGradNorm;

  @Option(names = "--dropout", defaultValue = "0.1", description = "Default: ${DEFAULT-VALUE}.")
  float dropout;

  @Option(
      names = "--eval-steps",
      defaultValue = "100",
      description = "Optimizer steps between evaluations (default: ${DEFAULT-VALUE}).")
  int evalSteps;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  long seed;

  TrainingOptions options(int epochs, double learningRate) {
    return new TrainingOptions(
        epochs, batchSize, learningRate, warmupRatio, weightDecay, maxGradNorm, evalSteps, seed);
  }
}
